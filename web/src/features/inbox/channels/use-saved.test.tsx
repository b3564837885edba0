import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import type { UpdateChannel } from "@/contract";
import { signedIn } from "@/shared/session/session";
import { Toasts } from "@/shared/ui/toast";
import { channel, me } from "@/test/build";
import { server } from "@/test/server";
import { channelQuery } from "./api";
import { useSaved } from "./use-saved";

function Form() {
  const { data } = useQuery({ ...channelQuery("ch1"), enabled: false });
  const { state, change } = useSaved(data!);
  return (
    <>
      <input
        aria-label="Title"
        value={data!.settings.title}
        onChange={(event) => change({ ...data!, settings: { ...data!.settings, title: event.target.value } })}
      />
      <span>{state}</span>
      <Toasts />
    </>
  );
}

const sent: UpdateChannel[] = [];
const title = () => screen.getByLabelText<HTMLInputElement>("Title");
const type = (text: string) => fireEvent.change(title(), { target: { value: text } });

beforeEach(() => {
  sent.length = 0;
  signedIn({ access_token: "t", expires_in: 900, refresh_token: "", me: me() });
  server.use(
    http.patch("http://switchboard.test/api/v1/inbox/channels/ch1", async ({ request }) => {
      const change = (await request.json()) as UpdateChannel;
      sent.push(change);
      return HttpResponse.json({ ...channel(), ...change });
    }),
  );
  const cache = new QueryClient();
  cache.setQueryData(channelQuery("ch1").queryKey, channel());
  render(
    <QueryClientProvider client={cache}>
      <Form />
    </QueryClientProvider>,
  );
});

describe("saving as one goes", () => {
  it("sends once after a pause, and undo sends what was there", async () => {
    type("A");
    type("Ahoy");
    expect(title().value).toBe("Ahoy");
    await expect.poll(() => sent.map((one) => one.settings?.title), { timeout: 2_000 }).toEqual(["Ahoy"]);
    fireEvent.click(await screen.findByRole("button", { name: /Undo/ }));
    await expect.poll(() => sent.map((one) => one.settings?.title)).toEqual(["Ahoy", "Hello"]);
    expect(title().value).toBe("Hello");
  });

  it("waits while something cannot be saved, and keeps what was typed", async () => {
    type("");
    expect(await screen.findByText("wrong")).toBeTruthy();
    type("Back");
    await expect.poll(() => sent.map((one) => one.settings?.title), { timeout: 2_000 }).toEqual(["Back"]);
  });
});
