// How the chat looks to a customer, drawn with the same words and colours.
import { MessageCircle, SendHorizontal, X } from "lucide-react";
import type { WebChatSettings } from "@/contract";
import { useMembers } from "@/shared/people/members";
import { Avatar } from "@/shared/ui/avatar";
import { cx } from "@/shared/ui/cx";
import { inkOn, isColour } from "./colour";

export function WidgetPreview({ settings }: { settings: WebChatSettings }) {
  const colour = isColour(settings.color) ? settings.color : "#5b5bd6";
  const paint = { background: colour, color: inkOn(colour) };
  const isLeft = settings.position === "left";
  return (
    <div
      role="img"
      aria-label="Preview of the chat on your site"
      className={cx("flex w-[300px] max-w-full flex-col gap-3", isLeft ? "items-start" : "items-end")}
    >
      <div className="w-full overflow-hidden rounded-2xl bg-raised shadow-float">
        <div className="px-4 pt-4 pb-5" style={paint}>
          <div className="flex items-start justify-between">
            <Faces ring={colour} />
            <X aria-hidden className="size-4 opacity-80" />
          </div>
          <p className="mt-3 text-lg leading-6 font-semibold break-words">{settings.title || "Hello"}</p>
          <p className="mt-1 text-sm break-words opacity-95">{settings.greeting}</p>
        </div>
        <div className="flex flex-col gap-2 px-4 py-4">
          {settings.reply_time && <p className="text-xs text-text-3">{settings.reply_time}</p>}
          <span className="max-w-[80%] self-end rounded-2xl rounded-br-md px-3 py-1.5 text-sm" style={paint}>
            Hi! Do you ship to Lisbon?
          </span>
          <span className="max-w-[80%] self-start rounded-2xl rounded-bl-md bg-hover px-3 py-1.5 text-sm">
            We do, in two days. Shall I hold one for you?
          </span>
        </div>
        <div
          className={cx(
            "mx-3 mb-3 flex h-10 items-center justify-between rounded-xl",
            "border border-line px-3 text-sm text-text-3",
          )}
        >
          Write a message…
          <SendHorizontal aria-hidden className="size-4" style={{ color: colour }} />
        </div>
      </div>
      <div
        className={cx(
          "flex h-14 min-w-14 items-center justify-center gap-2 rounded-full shadow-float",
          settings.launcher_text ? "px-5" : "w-14",
        )}
        style={paint}
      >
        <MessageCircle aria-hidden className="size-6" />
        {settings.launcher_text && <span className="text-sm font-medium">{settings.launcher_text}</span>}
      </div>
    </div>
  );
}

function Faces({ ring }: { ring: string }) {
  const members = useMembers().slice(0, 3);
  return (
    <div className="flex -space-x-2">
      {members.map((member) => (
        <span key={member.user_id} className="rounded-full" style={{ boxShadow: `0 0 0 2px ${ring}` }}>
          <Avatar name={member.name} seed={member.user_id} size="md" />
        </span>
      ))}
    </div>
  );
}
