import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lazily, loadEarly } from "./lazily";
import { Toasts } from "./toast";

const Part = ({ word }: { word: string }) => <p>{word}</p>;

describe("a part that is loaded when it is needed", () => {
  it("shows itself when its code is here, and at once from then on", async () => {
    const load = vi.fn(() => Promise.resolve(Part));
    const Late = lazily(load);
    const { unmount } = render(<Late word="first" />);
    expect(screen.queryByText("first")).toBeNull();
    expect(await screen.findByText("first")).toBeTruthy();
    unmount();
    render(<Late word="again" />);
    expect(screen.getByText("again")).toBeTruthy();
    expect(load).toHaveBeenCalledOnce();
  });

  it("says so when its code does not come, and tries again when it is opened again", async () => {
    let isOnline = false;
    const Late = lazily(() => (isOnline ? Promise.resolve(Part) : Promise.reject(new Error("offline"))));
    render(<Toasts />);
    const { unmount } = render(<Late word="here" />);
    expect(await screen.findByText(/could not be loaded/)).toBeTruthy();
    unmount();
    isOnline = true;
    render(<Late word="here" />);
    expect(await screen.findByText("here")).toBeTruthy();
  });
});

describe("an idle page", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("loads the parts before anybody opens them", async () => {
    const Late = lazily(() => Promise.resolve(Part));
    loadEarly();
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    render(<Late word="ready" />);
    expect(screen.getByText("ready")).toBeTruthy();
  });
});
