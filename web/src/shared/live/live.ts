// The app's live connection as the features see it.
import type { Permission } from "@/contract";
import { accessToken, distrust, session, tokenEndsAt } from "@/shared/session/session";
import { useStore } from "@/shared/store";
import { LiveSocket, type Connection, type SocketOptions } from "./socket";

type Listeners = Pick<SocketOptions, "onFrame" | "onFresh">;

let listeners: Listeners = { onFrame: () => undefined, onFresh: () => undefined };
let last_token = "";

export const live = new LiveSocket({
  url: () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`,
  topics: () => topicsFor(session.get().me?.permissions ?? []),
  token: async (why) => {
    if (why === "refused") distrust(last_token);
    const token = await accessToken(why === "renew" ? 90_000 : 20_000);
    last_token = token ?? "";
    return token;
  },
  tokenEndsAt,
  onFrame: (type, data) => listeners.onFrame(type, data),
  onFresh: (why) => listeners.onFresh(why),
});

export function topicsFor(permissions: readonly Permission[]): string[] {
  return [
    "me",
    ...(permissions.includes("conversations.read") ? ["inbox"] : []),
    ...(permissions.includes("members.read") ? ["members"] : []),
    ...(permissions.includes("jobs.manage") ? ["jobs"] : []),
  ];
}

export function listen(next: Listeners): void {
  listeners = next;
}

export function useConnection(): Connection {
  return useStore(live.connection);
}
