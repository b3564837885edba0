// How webhooks and deliveries are said in words.
import type { Delivery, Webhook } from "@/contract";
import { rowTime } from "@/shared/time";
import type { Tone } from "../state-word";

export interface Word {
  word: string;
  tone: Tone;
}

export function stateOf(webhook: Webhook): Word {
  if (webhook.state === "disabled") return { word: "Disabled", tone: "bad" };
  if (webhook.state === "paused") return { word: "Paused", tone: "quiet" };
  return webhook.failing_since ? { word: "Failing", tone: "warn" } : { word: "Live", tone: "good" };
}

/** The one line below the name: what matters most about it now. */
export function lineOf(webhook: Webhook, now: Date): string {
  if (webhook.state === "disabled") return webhook.reason ?? "It was disabled.";
  if (webhook.state === "paused") return "What happens is kept, and sent once it is enabled.";
  if (webhook.failing_since)
    return `Failing since ${rowTime(webhook.failing_since, now)}, ${webhook.failures} attempts in a row`;
  return webhook.last_success_at ? `Last answered ${ago(webhook.last_success_at, now)}` : "Nothing was sent yet";
}

export function ago(at: string, now: Date): string {
  const time = rowTime(at, now);
  return time === "now" ? "just now" : /^\d+m$/.test(time) ? `${time} ago` : time;
}

export function deliveryState(delivery: Delivery): Word {
  if (delivery.state === "delivered") return { word: "Delivered", tone: "good" };
  if (delivery.state === "failed") return { word: "Failed", tone: "bad" };
  return delivery.attempts > 0 ? { word: "Will try again", tone: "warn" } : { word: "Waiting", tone: "quiet" };
}

/** What came back, in a few letters. */
export function answerOf(one: { last_status?: number | null; last_error?: string | null }): string {
  if (one.last_status != null) return String(one.last_status);
  return one.last_error ? "no answer" : "";
}

/** The names of the headers that a receiver gets. */
export const headers = ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"];

/** What is wrong with an address before the server is asked. */
export function wrongAddress(url: string): string | undefined {
  if (url === "" || /^https?:\/\/[!-~]+$/.test(url)) return undefined;
  return "An address begins with https:// and holds no blanks.";
}
