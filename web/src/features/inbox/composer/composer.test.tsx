import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { live } from "@/shared/live/live";
import { signedIn } from "@/shared/session/session";
import { conversation, me, message } from "@/test/build";
import { show } from "@/test/show";
import { keys } from "../model/api";
import { QueryClient } from "@tanstack/react-query";
import { Composer } from "./composer";
import { outbox } from "./outbox";

// Here one writes letters alone until the last test; the editor has journeys of its own.
const editor = vi.hoisted(() => {
  let come: (part: object) => void = () => undefined;
  const coming = new Promise<object>((resolve) => (come = resolve));
  return { come, coming };
});
vi.mock("./editor/rich-box", () => editor.coming);

const typists = [{ kind: "user" as const, id: "u2", name: "Alan Turing", until: Infinity }];

async function shown(part: Partial<Parameters<typeof Composer>[0]> = {}): Promise<void> {
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  cache.setQueryData(keys.messages("c1"), {
    items: [
      message(1),
      message(2, { kind: "reply", author: { kind: "user", id: "u2", name: "Alan Turing" }, text: "It ships tomorrow" }),
    ],
    has_earlier: false,
    has_later: false,
  });
  await show(<Composer conversation={conversation()} seen={1} typists={[]} afterSend={() => undefined} {...part} />, {
    cache,
  });
  await screen.findByRole("textbox");
}

beforeEach(() => {
  localStorage.clear();
  signedIn({ access_token: "t", expires_in: 900, refresh_token: "", me: me() });
  outbox.set([]);
});
afterEach(() => vi.restoreAllMocks());

describe("the composer", () => {
  it("sends with Enter, breaks the line with Shift-Enter", async () => {
    const request = vi.spyOn(live, "request").mockReturnValue(new Promise(() => undefined));
    await shown();
    await userEvent.type(screen.getByRole("textbox"), "one{Shift>}{Enter}{/Shift}two{Enter}");
    expect(request).toHaveBeenCalledWith(
      "send",
      expect.objectContaining({ kind: "reply", text: "one\ntwo", seen: 1 }),
      { keep: true },
    );
    expect(screen.getByRole<HTMLTextAreaElement>("textbox").value).toBe("");
  });

  it("sends nothing that is only space", async () => {
    const request = vi.spyOn(live, "request");
    await shown();
    await userEvent.type(screen.getByRole("textbox"), "   {Enter}");
    expect(request).not.toHaveBeenCalled();
  });

  it("says who reads it, and never turns a note into a reply", async () => {
    await shown();
    expect(screen.getByText("Grace Hopper will see this")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Note" }));
    expect(screen.getByText("Only your team sees this")).toBeTruthy();
    await userEvent.type(screen.getByRole("textbox"), "secret");
    await userEvent.click(screen.getByRole("button", { name: "Reply" }));
    expect(screen.getByRole<HTMLTextAreaElement>("textbox").value).toBe("");
  });

  it("tells the customer of typing a reply, not of typing a note", async () => {
    const tell = vi.spyOn(live, "tell").mockReturnValue();
    await shown();
    await userEvent.click(screen.getByRole("button", { name: "Note" }));
    await userEvent.type(screen.getByRole("textbox"), "a");
    expect(tell).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole("button", { name: "Reply" }));
    await userEvent.type(screen.getByRole("textbox"), "ab");
    expect(tell.mock.calls).toEqual([["typing", { conversation_id: "c1", on: true }]]);
  });

  it("warns before two people answer", async () => {
    await shown({ typists });
    expect(screen.getByText("Alan is writing an answer too.")).toBeTruthy();
  });

  it("shows a held reply with the colleague's words, and gives it back for editing", async () => {
    outbox.set([
      {
        key: "k",
        by: me().user.id,
        conversation_id: "c1",
        kind: "reply",
        text: "my late answer",
        seen: 1,
        at: "",
        state: "held",
        attempts: 0,
      },
    ]);
    await shown();
    expect(screen.getByRole("alertdialog").textContent).toContain("It ships tomorrow");
    await userEvent.click(screen.getByRole("button", { name: "Keep editing" }));
    expect(screen.getByRole<HTMLTextAreaElement>("textbox").value).toBe("my late answer");
    expect(outbox.get()).toEqual([]);
  });

  it("is closed to whoever may only read", async () => {
    signedIn({
      access_token: "t",
      expires_in: 900,
      refresh_token: "",
      me: me({ permissions: ["conversations.read"] }),
    });
    await show(<Composer conversation={conversation()} seen={1} typists={[]} afterSend={() => undefined} />);
    expect(await screen.findByText(/may read conversations but not answer/)).toBeTruthy();
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("gives way to an editor that comes late when it is left empty", async () => {
    await shown();
    const box = screen.getByRole<HTMLTextAreaElement>("textbox");
    await userEvent.type(box, "half");
    editor.come({ RichBox: ({ content }: { content: string }) => <p>The editor has: {content}</p> });
    await act(() => editor.coming);
    await userEvent.tab();
    expect(screen.getByRole("textbox")).toBe(box);
    await userEvent.clear(box);
    await userEvent.tab();
    expect(await screen.findByText("The editor has:")).toBeTruthy();
  });
});
