// What the chat knows, in one value that the screens watch.
import { createStore, type Store } from "@/shared/store";
import type { ContactBrief, VisitorConversation, WidgetConfig } from "../server";
import type { Thread } from "./threads";

export interface ChatState {
  config: WidgetConfig;
  is_open: boolean;
  /** The thread on screen; null is the list of conversations. */
  thread: string | null;
  /** Counts what was turned to. A new conversation that gets its name is still the same view. */
  view: number;
  /** A visit has been made: the list of conversations is known. */
  is_known: boolean;
  contact: ContactBrief | null;
  conversations: VisitorConversation[];
  threads: Record<string, Thread>;
  /** Who of the team is typing, by conversation. */
  typing: Record<string, string>;
  /** Why nothing can be sent at all: an identity is missing, the channel is off. */
  refused: string | null;
  /** Something that passes by itself. */
  notice: string | null;
  asks_email: boolean;
}

export interface State extends Store<ChatState> {
  put: (part: Partial<ChatState>) => void;
}

/** What is known of nobody in particular. */
export const nobody = {
  thread: null,
  is_known: false,
  contact: null,
  conversations: [],
  threads: {},
  typing: {},
  refused: null,
  notice: null,
} satisfies Partial<ChatState>;

export function createState(config: WidgetConfig): State {
  const store = createStore<ChatState>({ ...nobody, config, is_open: false, view: 0, asks_email: false });
  return { ...store, put: (part) => store.set((before) => ({ ...before, ...part })) };
}
