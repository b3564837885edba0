// Who is signed in. The access token lives only in memory; the refresh token only in an HttpOnly cookie.
import type { Me, SignedIn } from "@/contract";
import { problemFrom, localProblem, hasCode } from "@/shared/api/problem";
import { createStore, useStore } from "@/shared/store";

export type Session =
  | { state: "unknown"; me: null }
  | { state: "signed_in"; me: Me }
  /** `expired`: it ended by itself, so we offer to come back to the same place. */
  | { state: "signed_out"; me: null; expired: boolean };

export const session = createStore<Session>({ state: "unknown", me: null });

let access: { token: string; ends_at: number } | null = null;
let refreshing: Promise<boolean> | null = null;

const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("switchboard.session");
tabs?.addEventListener("message", (event) => {
  if (event.data === "signed_out") forget(false);
});

export function signedIn(answer: SignedIn): void {
  access = { token: answer.access_token, ends_at: Date.now() + answer.expires_in * 1000 };
  const before = session.get();
  const same = before.me && JSON.stringify(before.me) === JSON.stringify(answer.me);
  session.set({ state: "signed_in", me: same ? before.me : answer.me });
}

export function signedOut(): void {
  forget(false);
  tabs?.postMessage("signed_out");
}

function forget(expired: boolean): void {
  access = null;
  if (session.get().state !== "signed_out") session.set({ state: "signed_out", me: null, expired });
}

/** A token good for at least `margin` more milliseconds, or null when nobody is signed in. */
export async function accessToken(margin = 20_000): Promise<string | null> {
  if (access && access.ends_at - Date.now() > margin) return access.token;
  await refresh();
  return access?.token ?? null;
}

export function tokenEndsAt(): number {
  return access?.ends_at ?? 0;
}

/**
 * Asks for a new access token with the cookie. One at a time in this tab, and by a lock one at a time in all tabs,
 * because a refresh token that is used twice counts as stolen. Answers whether somebody is signed in; throws when the
 * server could not be asked.
 */
export function refresh(): Promise<boolean> {
  refreshing ??= inLock(askRefresh).finally(() => (refreshing = null));
  return refreshing;
}

/** Drops a token the server refused, so that the next request asks for another. */
export function distrust(token: string): void {
  if (access?.token === token) access = null;
}

async function askRefresh(): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch("/api/v1/identity/refresh", {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
  } catch {
    throw localProblem("offline", "Switchboard cannot be reached.");
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) {
    signedIn(body as SignedIn);
    return true;
  }
  const problem = problemFrom(body, response.status, response.headers.get("retry-after"));
  if (response.status === 401 || hasCode(problem, "unauthenticated")) {
    forget(session.get().state === "signed_in");
    return false;
  }
  throw problem;
}

async function inLock(work: () => Promise<boolean>): Promise<boolean> {
  if (typeof navigator === "undefined" || !navigator.locks) return work();
  return await navigator.locks.request("switchboard.refresh", work);
}

/** What the sign-in page may be told: where somebody wanted to go. */
export interface Return {
  return?: string;
}

export function readReturn(raw: Record<string, unknown>): Return {
  return typeof raw.return === "string" ? { return: raw.return } : {};
}

export function useSession(): Session {
  return useStore(session);
}

/** The person who is signed in; only for screens inside the app shell. */
export function useMe(): Me {
  const me = useStore(session, (value) => value.me);
  if (!me) throw new Error("this screen needs somebody to be signed in");
  return me;
}

export function useMay(permission: Me["permissions"][number]): boolean {
  return useStore(session, (value) => value.me?.permissions.includes(permission) ?? false);
}
