// A person may belong to several companies; the server then names them and asks which one.
import type { Problem } from "@/contract";

export function tenantsToChoose({ errors }: Pick<Problem, "errors">): string[] {
  const slugs = errors.filter((error) => error.field === "tenant").flatMap((error) => error.message.split(/[\s,]+/));
  return [...new Set(slugs.filter((slug) => /^[a-z0-9][a-z0-9-]*$/.test(slug)))];
}

/** Where to go after signing in: only to a place inside this app. */
export function safeReturn(to: unknown): string {
  if (
    typeof to !== "string" ||
    !to.startsWith("/") ||
    to.startsWith("//") ||
    to.startsWith("/\\") ||
    to.startsWith("/sign-")
  )
    return "/";
  return to;
}
