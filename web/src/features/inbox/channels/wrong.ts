// What keeps a channel's settings from being saved, by field, in the words of the form.
import type { Channel } from "@/contract";
import { isColour } from "./colour";
import { wrongOrigins } from "./origins";

export type Wrong = Partial<Record<"name" | "title" | "color" | "allowed_origins" | "reopen_within_hours", string>>;

export const limits = { name: 80, title: 80, greeting: 300, launcher_text: 40, reply_time: 120, hours: 8760 };

export function wrongWith({ name, settings }: Pick<Channel, "name" | "settings">): Wrong {
  const wrong: Wrong = {};
  if (name.trim() === "") wrong.name = "A channel needs a name.";
  if (settings.title.trim() === "") wrong.title = "The chat needs a title.";
  if (!isColour(settings.color)) wrong.color = "A colour looks like #5b5bd6.";
  const sites = wrongOrigins(settings.allowed_origins);
  if (sites.length > 0)
    wrong.allowed_origins = `Not a site yet: ${sites.join(", ")}. Write it like https://shop.example.`;
  const hours = settings.reopen_within_hours;
  if (!Number.isInteger(hours) || hours < 0 || hours > limits.hours)
    wrong.reopen_within_hours = "A whole number of hours, at most 8760.";
  return wrong;
}

export function isFine(channel: Channel): boolean {
  return Object.keys(wrongWith(channel)).length === 0;
}
