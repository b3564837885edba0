// What we know of a customer, in words and in an order that helps.
import { rowTime } from "@/shared/time";

export interface Fact {
  name: string;
  value: string;
  href: string | null;
}

const names: Record<string, string> = {
  page: "On page",
  page_title: "On page",
  browser: "Browser",
  locale: "Language",
  user_id: "Your id",
  told_name: "Calls themselves",
  told_email: "Gives as e-mail",
  country: "Country",
  city: "City",
  plan: "Plan",
  company: "Company",
  os: "System",
};
const order = [
  "told_name",
  "told_email",
  "page_title",
  "page",
  "company",
  "plan",
  "user_id",
  "locale",
  "country",
  "city",
  "browser",
  "os",
];

export function factsOf(attributes: Record<string, string>): Fact[] {
  const { page, page_title } = attributes;
  return Object.keys(attributes)
    .filter((key) => attributes[key] && !(key === "page" && page_title))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((key) => ({
      name: names[key] ?? spoken(key),
      value: shown(key, attributes[key]!),
      href: key === "page" || key === "page_title" ? safeAddress(page) : null,
    }));
}

const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);

function spoken(key: string): string {
  const words = key.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shown(key: string, value: string): string {
  if (key !== "locale") return value;
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(value) ?? value;
  } catch {
    return value;
  }
}

/** What a visitor's page says of itself is not to be trusted with our links. */
function safeAddress(address: string | undefined): string | null {
  return address && /^https?:\/\//i.test(address) ? address : null;
}

/** "Seen 4m ago", "Seen Mon". */
export function saySeen(at: string, now: Date): string {
  const time = rowTime(at, now);
  if (time === "now") return "Seen just now";
  return /^\d+m$/.test(time) ? `Seen ${time} ago` : `Seen ${time}`;
}
