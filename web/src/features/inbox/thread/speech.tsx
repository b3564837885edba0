// One thing somebody said.
import { Check, CheckCheck, Clock, RotateCcw, StickyNote } from "lucide-react";
import { useQueryClient } from "@tanstack/react-query";
import { memo } from "react";
import { clockTime, fullTime } from "@/shared/time";
import { Said } from "@/shared/rich/said";
import { Avatar } from "@/shared/ui/avatar";
import { cx } from "@/shared/ui/cx";
import { discard, type Outgoing, sendAgain } from "../composer/outbox";
import type { Tick } from "../model/conversation";
import type { Speech } from "./lines";

interface SpeechProps {
  speech: Speech;
  isFirst: boolean;
  isLast: boolean;
  /** Null where a tick would tell nothing new. */
  tick: Tick | null;
}

const surfaces = {
  customer: "bg-hover text-text",
  reply: "bg-accent-soft text-text",
  note: "border border-note-line bg-note text-text",
};

export const SpeechLine = memo(function SpeechLine({ speech, isFirst, isLast, tick }: SpeechProps) {
  const { side, kind, outgoing } = speech;
  const isRight = side === "right";
  return (
    <div
      className={cx(
        "group/line flex gap-2.5 px-4 md:px-6",
        isRight && "flex-row-reverse",
        isFirst ? "pt-3.5" : "pt-0.5",
      )}
    >
      <div className="w-7 shrink-0 self-end">
        {isLast && <Avatar name={speech.author.name} seed={speech.author.id} size="sm" className="mb-0.5" />}
      </div>
      <div className={cx("flex min-w-0 max-w-[min(68ch,82%)] flex-col", isRight ? "items-end" : "items-start")}>
        {isFirst && <Heading speech={speech} isRight={isRight} />}
        <div
          className={cx(
            "max-w-full px-3 py-1.5 text-message ",
            surfaces[kind],
            corners(isRight, isFirst, isLast),
            outgoing && "opacity-75",
            outgoing?.state === "failed" && "opacity-100 ring-1 ring-red-dot",
          )}
        >
          <Said text={speech.text} rich={speech.rich} />
        </div>
        {outgoing ? <OutgoingLine outgoing={outgoing} /> : tick && <TickLine tick={tick} />}
      </div>
      <time
        dateTime={speech.at}
        className={cx(
          "nums self-center text-2xs text-text-3 opacity-0 transition-opacity duration-100",
          // A mouse asks for it line by line, keys by going to the messages; under a finger it always stands there.
          "group-hover/line:opacity-100 group-focus-visible/messages:opacity-100 [@media(hover:none)]:opacity-100",
          isFirst && "invisible",
        )}
      >
        {clockTime(speech.at)}
      </time>
    </div>
  );
});

function Heading({ speech, isRight }: { speech: Speech; isRight: boolean }) {
  return (
    <div className={cx("mb-1 flex items-baseline gap-2 px-1 text-xs", isRight && "flex-row-reverse")}>
      <span className="font-medium text-text-2">{speech.author.name}</span>
      {speech.kind === "note" && (
        <span className="inline-flex items-center gap-1 self-center font-medium text-note-text">
          <StickyNote aria-hidden className="size-3" /> Note
        </span>
      )}
      <time dateTime={speech.at} title={fullTime(speech.at)} className="nums text-2xs text-text-3">
        {clockTime(speech.at)}
      </time>
    </div>
  );
}

/** Round where the group ends, tight where it goes on. */
function corners(isRight: boolean, isFirst: boolean, isLast: boolean): string {
  const near = isRight
    ? (["rounded-tr-[14px]", "rounded-br-[14px]"] as const)
    : (["rounded-tl-[14px]", "rounded-bl-[14px]"] as const);
  const far = isRight ? "rounded-l-[14px]" : "rounded-r-[14px]";
  const tight = isRight
    ? (["rounded-tr-[5px]", "rounded-br-[5px]"] as const)
    : (["rounded-tl-[5px]", "rounded-bl-[5px]"] as const);
  return cx(far, isFirst ? near[0] : tight[0], isLast ? near[1] : tight[1]);
}

const tickNames = { sent: "Sent", received: "Delivered", read: "Read" };

function TickLine({ tick }: { tick: Tick }) {
  const Icon = tick === "sent" ? Check : CheckCheck;
  return (
    <span
      className={cx(
        "mt-0.5 flex items-center gap-1 px-1 text-2xs",
        tick === "read" ? "text-accent-text" : "text-text-3",
      )}
    >
      <Icon aria-hidden className="size-3.5" /> {tickNames[tick]}
    </span>
  );
}

function OutgoingLine({ outgoing }: { outgoing: Outgoing }) {
  const cache = useQueryClient();
  if (outgoing.state === "sending")
    return (
      <span className="mt-0.5 flex items-center gap-1 px-1 text-2xs text-text-3">
        <Clock aria-hidden className="size-3" /> Sending
      </span>
    );
  if (outgoing.state === "held")
    return <span className="mt-0.5 px-1 text-2xs text-amber">Held: a colleague answered first</span>;
  return (
    <span role="alert" className="mt-1 flex items-center gap-2 px-1 text-xs text-red">
      {outgoing.problem ?? "It was not sent."}
      <button
        type="button"
        onClick={() => sendAgain(cache, outgoing.key)}
        className="inline-flex items-center gap-1 font-medium underline underline-offset-2"
      >
        <RotateCcw aria-hidden className="size-3" /> Try again
      </button>
      <button type="button" onClick={() => discard(outgoing.key)} className="font-medium underline underline-offset-2">
        Discard
      </button>
    </span>
  );
}
