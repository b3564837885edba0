import { describe, expect, it } from "vitest";
import { ME } from "@/test/build";
import { moveCounts } from "./counts";

const counts = { mine: 2, unassigned: 3, all: 9, by_channel: { ch1: 5, ch2: 4 } };
const one = (status: "open" | "resolved" | "snoozed", assignee_id: string | null, channel_id = "ch1") => ({
  status,
  assignee_id,
  channel_id,
});

describe("the counts", () => {
  it.each([
    ["a new conversation", null, one("open", null), { mine: 2, unassigned: 4, all: 10, ch1: 6 }],
    ["I take one", one("open", null), one("open", ME), { mine: 3, unassigned: 2, all: 9, ch1: 5 }],
    ["I resolve mine", one("open", ME), one("resolved", ME), { mine: 1, unassigned: 3, all: 8, ch1: 4 }],
    ["a snooze ends", one("snoozed", null), one("open", null), { mine: 2, unassigned: 4, all: 10, ch1: 6 }],
    ["closed things move", one("resolved", null), one("resolved", ME), { mine: 2, unassigned: 3, all: 9, ch1: 5 }],
    [
      "a colleague's is handed on",
      one("open", "user-2"),
      one("open", "user-3"),
      { mine: 2, unassigned: 3, all: 9, ch1: 5 },
    ],
    [
      "a channel we did not know",
      null,
      one("open", "user-2", "ch9"),
      { mine: 2, unassigned: 3, all: 10, ch1: 5, ch9: 1 },
    ],
  ])("%s", (_, before, after, { mine, unassigned, all, ...channels }) => {
    const moved = moveCounts(counts, before, after, ME);
    expect(moved).toMatchObject({ mine, unassigned, all, by_channel: channels });
  });

  it("never fall below nothing", () => {
    expect(
      moveCounts({ mine: 0, unassigned: 0, all: 0, by_channel: {} }, one("open", null), one("resolved", null), ME),
    ).toMatchObject({ unassigned: 0, all: 0 });
  });
});
