import { describe, expect, it } from "vitest";
import { ME } from "@/test/build";
import { moveCounts } from "./counts";

const counts = { mine: 2, unassigned: 3, all: 9, by_channel: { ch1: 5, ch2: 4 }, by_label: { order: 2 } };
const one = (
  status: "open" | "resolved" | "snoozed",
  assignee_id: string | null,
  channel_id = "ch1",
  label_ids: string[] = [],
) => ({
  status,
  assignee_id,
  channel_id,
  label_ids,
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

  it.each([
    ["a label is put on", one("open", ME, "ch1", []), one("open", ME, "ch1", ["order", "new"]), { order: 3, new: 1 }],
    ["a label is taken off", one("open", ME, "ch1", ["order"]), one("open", ME, "ch1", []), { order: 1 }],
    [
      "one with labels is resolved",
      one("open", ME, "ch1", ["order"]),
      one("resolved", ME, "ch1", ["order"]),
      { order: 1 },
    ],
  ])("of labels move when %s", (_, before, after, by_label) => {
    expect(moveCounts(counts, before, after, ME).by_label).toEqual(by_label);
  });

  it("never fall below nothing", () => {
    expect(
      moveCounts(
        { mine: 0, unassigned: 0, all: 0, by_channel: {}, by_label: {} },
        one("open", null),
        one("resolved", null),
        ME,
      ),
    ).toMatchObject({ unassigned: 0, all: 0 });
  });
});
