// Who this customer is to the server: a visit gives a token, and the token opens everything else.
import { ApiProblem, hasCode } from "@/shared/api/problem";
import type { Memory } from "../memory";
import type { Server, Visit } from "../server";
import type { Identity } from "../settings";

interface Listener {
  visited: (visit: Visit) => void;
  /** Not now, and not by trying again. */
  refused: (why: string) => void;
  notice: (notice: string) => void;
}

const FINAL = ["identity_required", "bad_identity", "origin_not_allowed", "channel_disabled", "unknown_key"];
/** A token that ends sooner is of no use any more. */
const MARGIN_MS = 20_000;

export class Pass {
  ends_at = 0;

  constructor(
    private readonly server: Server,
    private readonly memory: Memory,
    private readonly key: string,
    public identity: Identity | null,
    private readonly listener: Listener,
  ) {}

  /** The token, or null when there will be none; throws what passes by itself. */
  async token(why: "hello" | "renew" | "refused"): Promise<string | null> {
    const has_time = Date.now() < this.ends_at - MARGIN_MS;
    if (why === "hello" && this.server.token && has_time) return this.server.token;
    const { identity } = this;
    try {
      const visit = await this.visit(identity);
      // Somebody else was named while we asked.
      if (identity !== this.identity) return await this.token(why);
      this.server.token = visit.token;
      this.ends_at = Date.now() + visit.expires_in * 1000;
      this.memory.set("visitor", visit.visitor);
      this.listener.visited(visit);
      return visit.token;
    } catch (error) {
      if (error instanceof ApiProblem && FINAL.includes(error.code)) {
        this.listener.refused(sayRefusal(error));
        return null;
      }
      if (hasCode(error, "too_many")) this.listener.notice("There is a lot going on. We keep trying.");
      throw error;
    }
  }

  drop(): void {
    this.server.token = null;
    this.ends_at = 0;
  }

  private visit(identity: Identity | null): Promise<Visit> {
    return this.server.visit({
      key: this.key,
      visitor: this.memory.get<string>("visitor"),
      identity,
      page: { url: location.href.slice(0, 500), title: document.title.slice(0, 500) || location.hostname },
    });
  }
}

function sayRefusal({ code }: ApiProblem): string {
  if (code === "identity_required") return "Please sign in on this site to chat with us.";
  if (code === "bad_identity") return "We could not confirm who you are. Please reload the page or sign in again.";
  return "This chat is not available right now.";
}
