/** @jsxImportSource preact */
import type { WidgetConfig } from "../server";
import { Faces } from "./faces";
import { BackIcon, CloseIcon } from "./icons";

interface Props {
  config: WidgetConfig;
  /** The first thing that is seen: with the greeting. */
  is_large: boolean;
  onBack: (() => void) | null;
  onClose: () => void;
}

/** Not a `header`: the page that shows the chat has its own, and a page has one. */
export function Header({ config, is_large, onBack, onClose }: Props) {
  const close = (
    <button type="button" class="icon" aria-label="Close chat" onClick={onClose}>
      <CloseIcon />
    </button>
  );
  if (!is_large) {
    return (
      <div class="header">
        {onBack && (
          <button type="button" class="icon" aria-label="All conversations" onClick={onBack}>
            <BackIcon />
          </button>
        )}
        <Faces team={config.team} />
        <div class="titles">
          <h2>{config.title || config.channel}</h2>
          <p>
            {config.online && <i class="dot" />}
            {config.online ? "Online now" : config.reply_time}
          </p>
        </div>
        {close}
      </div>
    );
  }
  return (
    <div class="header large">
      <div class="row">
        {onBack && (
          <button type="button" class="icon" aria-label="All conversations" onClick={onBack}>
            <BackIcon />
          </button>
        )}
        <Faces team={config.team} />
        {close}
      </div>
      <h2>{config.title || config.channel}</h2>
      <p>{config.greeting}</p>
    </div>
  );
}
