// Failures as values the screens can speak about: what happened, what is safe, what to do.
import type { Problem } from "@/contract";

/** What says no when no server was reached, or not understood. */
type LocalCode = "offline" | "disconnected" | "timeout" | "malformed";
type AnyProblem = Omit<Problem, "code"> & { code: Problem["code"] | LocalCode };

export class ApiProblem extends Error {
  constructor(
    readonly problem: AnyProblem,
    /** How many milliseconds the server asks to wait before the same is tried again, if it says so. */
    readonly wait: number | null = null,
  ) {
    super(problem.detail || problem.title);
    this.name = "ApiProblem";
  }

  get code(): string {
    return this.problem.code;
  }

  /** The message for one form field, when the server named it. */
  field(name: string): string | undefined {
    return this.problem.errors.find((error) => error.field === name)?.message;
  }
}

/** A problem that never reached the server, in the server's own form. */
export function localProblem(code: LocalCode, detail: string): ApiProblem {
  return new ApiProblem({
    type: "about:blank",
    title: detail,
    status: 0,
    code,
    detail,
    errors: [],
    trace: "",
    retry_after_ms: null,
  });
}

/** `retry_after` is the header of that name, which has seconds. */
export function problemFrom(body: unknown, status: number, retry_after: string | null = null): ApiProblem {
  const wait = retry_after ? Number(retry_after) * 1000 || null : null;
  if (isProblem(body)) return new ApiProblem({ ...body, errors: body.errors ?? [] }, body.retry_after_ms ?? wait);
  const code = status === 502 || status === 503 || status === 504 ? "unavailable" : "internal";
  const detail =
    code === "unavailable" ? "Switchboard cannot be reached right now." : "Something went wrong on our side.";
  return new ApiProblem(
    { type: "about:blank", title: detail, status, code, detail, errors: [], trace: "", retry_after_ms: null },
    wait,
  );
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && typeof (body as Problem).code === "string";
}

/** Whether trying the same thing again may work without anyone changing anything. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof ApiProblem &&
    ["offline", "disconnected", "timeout", "unavailable", "too_many"].includes(error.code)
  );
}

export function waitOf(error: unknown): number | null {
  return error instanceof ApiProblem ? error.wait : null;
}

export function hasCode(error: unknown, code: string): error is ApiProblem {
  return error instanceof ApiProblem && error.code === code;
}

/** One plain sentence for a toast or a line on the page. */
export function sayProblem(error: unknown): string {
  if (!(error instanceof ApiProblem)) return "Something went wrong. Nothing was lost; please try again.";
  const say = sentences[error.code];
  const [wrong] = error.code === "invalid" ? error.problem.errors : [];
  if (wrong) return `${spoken(wrong.field)}: ${wrong.message}.`;
  return say ?? sentence(error.problem.detail || error.problem.title);
}

/** What the server says of one field, as a sentence below it: "is used already" becomes "This is used already." */
export function sayField(message: string): string {
  return sentence(/^(is|are|was|has|have|needs?|must|may|can|contains?)\b/.test(message) ? `This ${message}` : message);
}

/** `settings.allowed_origins[1]` becomes "Allowed origins". */
function spoken(field: string): string {
  const last =
    field
      .replace(/\[\d+\]/g, "")
      .split(".")
      .at(-1) ?? field;
  return sentence(last.replace(/_/g, " ")).replace(/\.$/, "");
}

const sentences: Record<string, string> = {
  offline: "You are offline. This will work again as soon as you are back.",
  disconnected: "The connection was interrupted. Please try again.",
  timeout: "No answer came in time. Please try again.",
  unavailable: "Switchboard is busy or restarting. Please try again in a moment.",
  too_many: "That was a lot at once. Please wait a moment and try again.",
  forbidden: "Your role does not allow this. An administrator can change that.",
  not_found: "This is no longer here.",
  internal: "Something went wrong on our side. Nothing was lost; please try again.",
};

function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return "Something went wrong. Please try again.";
  const upper = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
