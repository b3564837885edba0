// Where what happens is sent.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight, Plus, Webhook as WebhookIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Webhook, WebhookWithSecret } from "@/contract";
import { useNow } from "@/shared/time";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Page } from "@/shared/ui/pane";
import { Bone, Empty, Failed, Later } from "@/shared/ui/states";
import { StateWord } from "../state-word";
import { createWebhook, keys, webhooksQuery } from "./api";
import { lineOf, stateOf } from "./rules";
import { SecretDialog } from "./secret-dialog";
import { WebhookForm } from "./webhook-form";

export function WebhooksPage() {
  const query = useQuery(webhooksQuery);
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<WebhookWithSecret | null>(null);
  const webhooks = query.data?.items ?? [];
  const begin = (
    <Button look="primary" onClick={() => setMaking(true)}>
      <Plus aria-hidden className="size-4" /> New webhook
    </Button>
  );
  return (
    <Page
      title="Webhooks"
      about="What happens here is sent to your own systems, signed, and tried again for three days."
      actions={webhooks.length > 0 && begin}
    >
      {query.isPending && (
        <Later>
          <Bone className="h-32 rounded-lg" />
        </Later>
      )}
      {query.isError && !query.data && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data && webhooks.length === 0 && <NoWebhooks action={begin} />}
      {webhooks.length > 0 && (
        <ul aria-label="Webhooks" className="divide-y divide-line rounded-lg border border-line bg-raised">
          {webhooks.map((webhook) => (
            <Row key={webhook.id} webhook={webhook} />
          ))}
        </ul>
      )}
      <Dialog open={isMaking} onOpenChange={setMaking} title="New webhook" wide>
        <WebhookForm
          action="Create webhook"
          save={async (draft) => {
            const created = await createWebhook(draft);
            setMaking(false);
            setMade(created);
            await cache.invalidateQueries({ queryKey: keys.list });
          }}
        />
      </Dialog>
      {made && (
        <SecretDialog
          made={made}
          close={() => void navigate({ to: "/settings/webhooks/$webhookId", params: { webhookId: made.webhook.id } })}
        />
      )}
    </Page>
  );
}

function Row({ webhook }: { webhook: Webhook }) {
  const now = useNow();
  return (
    <li>
      <Link
        to="/settings/webhooks/$webhookId"
        params={{ webhookId: webhook.id }}
        className="flex items-center gap-3 px-4 py-3 first:rounded-t-lg last:rounded-b-lg hover:bg-hover"
      >
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className="truncate text-sm font-medium">{webhook.name}</span>
            <span className="hidden truncate font-mono text-2xs text-text-3 sm:inline">{webhook.url}</span>
          </span>
          <span className="block truncate text-xs text-text-3">{lineOf(webhook, now)}</span>
        </span>
        <span className="text-xs">
          <StateWord {...stateOf(webhook)} />
        </span>
        <ChevronRight aria-hidden className="size-4 text-text-3" />
      </Link>
    </li>
  );
}

function NoWebhooks({ action }: { action: ReactNode }) {
  return (
    <div className="rounded-xl border border-line bg-canvas py-4">
      <Empty picture={<WebhookIcon aria-hidden className="size-7" />} title="No webhooks yet" action={action}>
        A webhook tells another system of yours what happens here: a conversation that was resolved, a message, a new
        contact.
      </Empty>
    </div>
  );
}
