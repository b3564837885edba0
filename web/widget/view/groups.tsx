/** @jsxImportSource preact */
import { h } from "preact";
import { known } from "@/shared/rich/document";
import { linked, rendered } from "@/shared/rich/render";
import { timeOf, type Bubble, type Group } from "../model/lines";
import { Face } from "./faces";

interface Props {
  groups: Group[];
  /** The position up to which the team has read. */
  seen: number;
  onAgain: (key: string) => void;
  onDiscard: (key: string) => void;
}

export function Groups({ groups, seen, onAgain, onDiscard }: Props) {
  const newest_of_mine = groups.flatMap((group) => group.bubbles).findLast((one) => one.mine);
  return (
    <>
      {groups.map((group) => (
        <div key={group.key}>
          {group.day && (
            <p class="day">
              <span>{group.day}</span>
            </p>
          )}
          <div class={`group ${group.mine ? "mine" : "team"}`}>
            {!group.mine && <Face name={group.name} />}
            <span class="quiet">{group.mine ? "You" : group.name} said:</span>
            {group.bubbles.map((bubble) => (
              <Said key={bubble.key} bubble={bubble} onAgain={onAgain} onDiscard={onDiscard} />
            ))}
            <p class="under">
              {under(group, group.bubbles.includes(newest_of_mine as Bubble) ? newest_of_mine : undefined, seen)}
            </p>
          </div>
        </div>
      ))}
    </>
  );
}

function Said({ bubble, onAgain, onDiscard }: { bubble: Bubble } & Pick<Props, "onAgain" | "onDiscard">) {
  const { key, text, failed, position } = bubble;
  const rich = known(bubble.rich);
  return (
    <>
      <div
        class={`bubble ${isBig(text) ? "big" : ""} ${position === 0 ? "waiting" : ""}`}
        title={new Date(bubble.at).toLocaleString()}
      >
        {rich ? rendered(rich, h) : linked(text, h)}
      </div>
      {failed && (
        <p class="failed" role="alert">
          Not sent. {failed}{" "}
          <button type="button" class="link" onClick={() => onAgain(key)}>
            Try again
          </button>{" "}
          <button type="button" class="link" onClick={() => onDiscard(key)}>
            Remove
          </button>
        </p>
      )}
    </>
  );
}

/** What stands below a group: when, by whom, and how far the newest of our own has come. */
function under(group: Group, newest: Bubble | undefined, seen: number): string {
  const last = group.bubbles.at(-1);
  const time = last ? timeOf(last.at) : "";
  if (!group.mine) return `${group.name.split(" ")[0]} · ${time}`;
  if (!newest || newest.failed) return time;
  if (newest.position === 0) return "Sending…";
  return `${time} · ${newest.position <= seen ? "Seen" : "Sent"}`;
}

/** One to three emoji alone are shown large. */
function isBig(text: string): boolean {
  return /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\u200d|\ufe0f)*){1,3}$/u.test(text.trim());
}
