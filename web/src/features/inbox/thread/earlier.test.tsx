import { useQuery } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";
import type { MessagePage } from "@/contract";
import { signedIn } from "@/shared/session/session";
import { me, message } from "@/test/build";
import { server } from "@/test/server";
import { show } from "@/test/show";
import { messagesQuery } from "../model/api";
import { EarlierLine, useEarlier } from "./earlier";

function Start() {
  const { data } = useQuery(messagesQuery("c1"));
  const earlier = useEarlier("c1", data);
  return (
    <>
      {data?.has_earlier && <EarlierLine earlier={earlier} />}
      {data?.items.map((one) => (
        <p key={one.position}>{one.text}</p>
      ))}
      <button type="button" onClick={earlier.reach}>
        scroll
      </button>
    </>
  );
}

/** A thread of four; the first two are asked for, and `n_failures` times that fails. */
async function begin(n_failures: number): Promise<string[]> {
  const asked: string[] = [];
  signedIn({ access_token: "t", expires_in: 900, refresh_token: "", me: me() });
  server.use(
    http.get("http://switchboard.test/api/v1/inbox/conversations/c1/messages", ({ request }) => {
      const before = new URL(request.url).searchParams.get("before");
      if (!before)
        return HttpResponse.json({
          items: [message(3), message(4)],
          has_earlier: true,
          has_later: false,
        } satisfies MessagePage);
      asked.push(before);
      if (asked.length <= n_failures) return new HttpResponse(null, { status: 500 });
      return HttpResponse.json({
        items: [message(1), message(2)],
        has_earlier: false,
        has_later: true,
      } satisfies MessagePage);
    }),
  );
  await show(<Start />);
  await screen.findByText("message 4");
  return asked;
}

const scroll = () => userEvent.click(screen.getByRole("button", { name: "scroll" }));

describe("the messages before those on screen", () => {
  it("come when somebody scrolls near them", async () => {
    await begin(0);
    await scroll();
    expect(await screen.findByText("message 1")).toBeTruthy();
    expect(screen.getByText("message 4")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Show earlier messages" })).toBeNull();
  });

  it("say so when they do not come, and are asked for again by the button and not by scrolling", async () => {
    const asked = await begin(1);
    await scroll();
    expect((await screen.findByRole("alert")).textContent).toBe("Earlier messages could not be loaded.");
    await scroll();
    await scroll();
    expect(asked).toEqual(["3"]);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("message 1")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(asked).toEqual(["3", "3"]);
  });
});
