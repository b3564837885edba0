import { delay, http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import type { SignedIn } from "@/contract";
import { session, signedIn, signedOut } from "@/shared/session/session";
import { me } from "@/test/build";
import { server } from "@/test/server";
import { answer, api } from "./client";

const address = (path: string) => `http://switchboard.test/api/v1${path}`;
const signed = (access_token: string, expires_in = 900): SignedIn => ({
  access_token,
  expires_in,
  refresh_token: "",
  me: me(),
});
const problem = (status: number, code: string) =>
  HttpResponse.json(
    { type: "about:blank", title: code, status, code, detail: code, errors: [], trace: "t" },
    { status },
  );
const counts = () => answer(api.GET("/api/v1/inbox/counts"));

let n_refreshes = 0;

/** A server that only takes `good`, and hands it out for the cookie. */
function takingOnly(good: string): void {
  server.use(
    http.post(address("/identity/refresh"), async () => {
      n_refreshes += 1;
      await delay(5);
      return HttpResponse.json(signed(good));
    }),
    http.get(address("/inbox/counts"), ({ request }) =>
      request.headers.get("authorization") === `Bearer ${good}`
        ? HttpResponse.json({ mine: 1, unassigned: 0, all: 1, by_channel: {}, by_label: {} })
        : problem(401, "token_expired"),
    ),
  );
}

beforeEach(() => {
  signedOut();
  n_refreshes = 0;
});

describe("the client", () => {
  it("brings the token it has", async () => {
    takingOnly("good");
    signedIn(signed("good"));
    await expect(counts()).resolves.toMatchObject({ mine: 1 });
    expect(n_refreshes).toBe(0);
  });

  it("refreshes a refused token once for all who wait, and asks again", async () => {
    takingOnly("good");
    signedIn(signed("old"));
    const answers = await Promise.all([counts(), counts(), counts()]);
    expect(answers.map((one) => one.mine)).toEqual([1, 1, 1]);
    expect(n_refreshes).toBe(1);
  });

  it("refreshes before a token ends", async () => {
    takingOnly("good");
    signedIn(signed("ending", 5));
    await expect(counts()).resolves.toMatchObject({ mine: 1 });
    expect(n_refreshes).toBe(1);
  });

  it("tells an ended session from a sign-out", async () => {
    server.use(
      http.post(address("/identity/refresh"), () => problem(401, "token_reused")),
      http.get(address("/inbox/counts"), () => problem(401, "token_expired")),
    );
    signedIn(signed("old"));
    await expect(counts()).rejects.toMatchObject({ code: "token_expired" });
    expect(session.get()).toMatchObject({ state: "signed_out", expired: true });
  });

  it("keeps somebody signed in whom the server could not be asked about", async () => {
    server.use(http.post(address("/identity/refresh"), () => HttpResponse.error()));
    signedIn(signed("ending", 5));
    await expect(counts()).rejects.toMatchObject({ code: "offline" });
    expect(session.get().state).toBe("signed_in");
  });

  it("turns an answer that is no problem into one", async () => {
    signedIn(signed("good"));
    server.use(http.get(address("/inbox/counts"), () => new HttpResponse("<h1>Bad gateway</h1>", { status: 502 })));
    await expect(counts()).rejects.toMatchObject({ code: "unavailable" });
  });
});
