// The widget's part of the API. No cookies: the visitor's token is all there is.
import type { Given } from "@/contract";
import type { components } from "@/contract/schema";
import { localProblem, problemFrom } from "@/shared/api/problem";

type Schemas = components["schemas"];
export type WidgetConfig = Given<Schemas["WidgetConfig"]>;
export type NewVisit = Schemas["NewVisit"];
export type Visit = Given<Schemas["Visit"]>;
export type VisitorConversation = Given<Schemas["VisitorConversation"]>;
export type VisitorMessage = Given<Schemas["VisitorMessage"]>;
export type VisitorChange = Given<Schemas["VisitorChange"]>;
export type VisitorMessagePage = Given<Schemas["VisitorMessagePage"]>;
export type ContactBrief = Given<Schemas["ContactBrief"]>;

const ANSWER_MS = 15_000;

export class Server {
  token: string | null = null;

  constructor(readonly base: string) {}

  config(key: string): Promise<WidgetConfig> {
    return this.ask("GET", `config?key=${encodeURIComponent(key)}`);
  }

  visit(visit: NewVisit): Promise<Visit> {
    return this.ask("POST", "visits", visit);
  }

  conversations(): Promise<{ items: VisitorConversation[] }> {
    return this.ask("GET", "conversations");
  }

  messages(id: string, before?: number): Promise<VisitorMessagePage> {
    return this.ask("GET", `conversations/${id}/messages?limit=50${before ? `&before=${before}` : ""}`);
  }

  update(me: { email: string }): Promise<ContactBrief> {
    return this.ask("PATCH", "me", me);
  }

  get socket(): string {
    return `${this.base.replace(/^http/, "ws")}/ws`;
  }

  private async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const headers: Record<string, string> = {};
    if (body) headers["content-type"] = "application/json";
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    const asked = fetch(`${this.base}/api/v1/widget/${path}`, {
      method,
      headers,
      credentials: "omit",
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = await asked.catch(() => {
      throw localProblem("offline", "The server cannot be reached.");
    });
    const said: unknown = await answer.json().catch(() => null);
    if (!answer.ok) throw problemFrom(said, answer.status, answer.headers.get("retry-after"));
    return said as T;
  }
}
