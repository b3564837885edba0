/** @jsxImportSource preact */
// All conversations of this customer, and the way to a new one.
import { shortTime } from "../model/lines";
import type { VisitorConversation } from "../server";
import { Face } from "./faces";
import { Header } from "./header";
import { ChatIcon, PlusIcon } from "./icons";
import type { Shown } from "./panel";

export function List({ chat, state }: Shown) {
  const { config, conversations } = state;
  return (
    <>
      <Header config={config} is_large onBack={null} onClose={() => chat.close()} />
      <div class="list">
        <h3 id="list">Your conversations</h3>
        <ul aria-labelledby="list">
          {conversations.map((one) => (
            <li key={one.id}>
              <Row conversation={one} team={config.title || config.channel} onOpen={() => chat.show(one.id)} />
            </li>
          ))}
        </ul>
      </div>
      <div class="foot">
        <button type="button" class="primary" onClick={() => chat.startNew()}>
          <PlusIcon size={18} />
          New conversation
        </button>
      </div>
    </>
  );
}

function Row({ conversation, team, onOpen }: { conversation: VisitorConversation; team: string; onOpen: () => void }) {
  const { last_message: last, status, unread } = conversation;
  const name = last && !last.mine ? last.name : null;
  return (
    <button type="button" class={`item ${unread > 0 ? "unread" : ""}`} onClick={onOpen}>
      {name ? (
        <Face name={name} />
      ) : (
        <span class="face plain">
          <ChatIcon size={18} />
        </span>
      )}
      <span class="words">
        <span class="top">
          <b>{name ?? team}</b>
          <time>{shortTime(conversation.last_activity_at)}</time>
        </span>
        <span class="preview">
          {last?.mine && "You: "}
          {last?.preview ?? "Conversation"}
        </span>
        {status === "resolved" && <span class="state">Resolved</span>}
      </span>
      {unread > 0 && (
        <span class="count">
          <span class="quiet">, unread: </span>
          {unread}
        </span>
      )}
    </button>
  );
}
