// One webhook: how it is, what was sent to it, and what may be done with it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, FlaskConical, History, KeyRound, Pause, Pencil, Play } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Delivery, Webhook, WebhookWithSecret } from "@/contract";
import { hasCode } from "@/shared/api/problem";
import { useIsNarrow } from "@/shared/media";
import { fullTime, useNow } from "@/shared/time";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Page, Section } from "@/shared/ui/pane";
import { Bone, Empty, Failed, Later } from "@/shared/ui/states";
import { toast, toastProblem } from "@/shared/ui/toast";
import { ReplayDialog } from "../replay-dialog";
import { StateWord } from "../state-word";
import { deleteWebhook, keys, replayWebhook, rotateSecret, testWebhook, updateWebhook, webhookQuery } from "./api";
import { Deliveries } from "./deliveries";
import { DeliveryDialog } from "./delivery-dialog";
import { lineOf, stateOf } from "./rules";
import { SecretDialog } from "./secret-dialog";
import { WebhookForm } from "./webhook-form";

export function WebhookPage() {
  const { webhookId = "" } = useParams({ strict: false }) as { webhookId?: string };
  const navigate = useNavigate();
  const query = useQuery(webhookQuery(webhookId));
  const back = (): void => void navigate({ to: "/settings/webhooks" });
  if (query.data) return <OpenWebhook key={webhookId} webhook={query.data} back={back} />;
  return (
    <Page title="Webhook" back={back}>
      {query.isPending && (
        <Later>
          <Bone className="h-80 rounded-lg" />
        </Later>
      )}
      {query.isError &&
        (hasCode(query.error, "not_found") ? (
          <Empty title="This webhook is not here" />
        ) : (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ))}
    </Page>
  );
}

type Asking = "edit" | "rotate" | "replay" | "delete" | null;

function OpenWebhook({ webhook, back }: { webhook: Webhook; back: () => void }) {
  const cache = useQueryClient();
  const now = useNow();
  const isNarrow = useIsNarrow();
  const [asking, setAsking] = useState<Asking>(null);
  const [made, setMade] = useState<WebhookWithSecret | null>(null);
  const [opened, setOpened] = useState<Delivery | null>(null);
  const fresh = (): Promise<void> => cache.invalidateQueries({ queryKey: keys.all });
  const isLive = webhook.state === "live";
  const attempt = (what: Promise<unknown>, done: string, failed: string): void =>
    void what
      .then(
        () => toast(done),
        (error: unknown) => toastProblem(error, failed),
      )
      .finally(() => void fresh());
  const toggle = (): void =>
    attempt(
      updateWebhook(webhook.id, { state: isLive ? "paused" : "live" }),
      isLive ? "Paused; what happens is kept for it" : "Enabled",
      "It was not changed.",
    );
  const remove = async (): Promise<void> => {
    setAsking(null);
    try {
      await deleteWebhook(webhook.id);
      toast(`“${webhook.name}” is gone`);
      back();
      cache.removeQueries({ queryKey: keys.deliveries(webhook.id) });
      await fresh();
    } catch (error) {
      toastProblem(error, `“${webhook.name}” was not deleted.`);
    }
  };
  const rotate = async (): Promise<void> => {
    setAsking(null);
    try {
      setMade(await rotateSecret(webhook.id));
    } catch (error) {
      toastProblem(error, "The secret was not changed.");
    }
  };
  return (
    <Page
      wide
      back={back}
      title={webhook.name}
      over={
        !isNarrow && (
          <Link to="/settings/webhooks" className="inline-flex items-center gap-1 hover:text-text">
            <ArrowLeft aria-hidden className="size-3.5" /> Webhooks
          </Link>
        )
      }
      about={<span className="font-mono text-xs [overflow-wrap:anywhere]">{webhook.url}</span>}
      actions={
        <span className="flex flex-wrap gap-2">
          <Button
            disabled={webhook.state === "disabled"}
            onClick={() => attempt(testWebhook(webhook.id), "A test is on its way", "The test was not sent.")}
          >
            <FlaskConical aria-hidden className="size-4" /> Send a test
          </Button>
          <Button onClick={() => setAsking("edit")}>
            <Pencil aria-hidden className="size-4" /> Edit
          </Button>
          <Button look={isLive ? "secondary" : "primary"} onClick={toggle}>
            {isLive ? <Pause aria-hidden className="size-4" /> : <Play aria-hidden className="size-4" />}
            {isLive ? "Pause" : "Enable"}
          </Button>
        </span>
      }
    >
      <dl className="mb-6 grid gap-x-6 gap-y-3 rounded-lg border border-line bg-raised p-4 text-sm sm:grid-cols-3">
        <Fact name="State">
          <StateWord {...stateOf(webhook)} />
          <span className="mt-0.5 block text-xs text-text-3">{lineOf(webhook, now)}</span>
        </Fact>
        <Fact name="Last answered well">
          {webhook.last_success_at ? fullTime(webhook.last_success_at) : "Never yet"}
        </Fact>
        <Fact name="Events">
          <span className="font-mono text-xs [overflow-wrap:anywhere]">{webhook.patterns.join(" ")}</span>
        </Fact>
      </dl>
      <Deliveries id={webhook.id} open={setOpened} />
      <Section title="The past" about="Everything it wants is sent once more with the same ids, or for the first time.">
        <div>
          <Button disabled={webhook.state === "disabled"} onClick={() => setAsking("replay")}>
            <History aria-hidden className="size-4" /> Replay
          </Button>
        </div>
      </Section>
      <Section
        title="Secret"
        about={
          webhook.old_secret_until && new Date(webhook.old_secret_until) > now
            ? `The secret before is valid until ${fullTime(webhook.old_secret_until)}.`
            : "What is sent is signed with it. A new one leaves the one before valid for a day."
        }
      >
        <div>
          <Button onClick={() => setAsking("rotate")}>
            <KeyRound aria-hidden className="size-4" /> New secret
          </Button>
        </div>
      </Section>
      <Section title="Delete" about="What waits for it and its history go with it.">
        <div>
          <Button look="danger-quiet" onClick={() => setAsking("delete")}>
            Delete webhook
          </Button>
        </div>
      </Section>
      <Dialog open={asking === "edit"} onOpenChange={() => setAsking(null)} title="Edit webhook" wide>
        <WebhookForm
          begin={webhook}
          action="Save"
          save={async (draft) => {
            await updateWebhook(webhook.id, draft);
            setAsking(null);
            await fresh();
          }}
        />
      </Dialog>
      {asking === "replay" && (
        <ReplayDialog
          title="Replay"
          description="From where shall everything that this webhook wants be sent?"
          action="Send it"
          close={() => setAsking(null)}
          run={async (since) => {
            const { n } = await replayWebhook(webhook.id, since);
            await fresh();
            return n === 1 ? "1 event is on its way." : `${n} events are on their way.`;
          }}
        />
      )}
      <Confirm
        open={asking === "rotate"}
        close={() => setAsking(null)}
        title="Make a new secret?"
        description="Everything is signed with both for a day; after that the one before is void."
        action="Make a new secret"
        run={() => void rotate()}
      />
      <Confirm
        open={asking === "delete"}
        close={() => setAsking(null)}
        title={`Delete “${webhook.name}”?`}
        description="What waits for it is not sent, and its history is gone. This cannot be undone."
        action="Delete it"
        isDanger
        run={() => void remove()}
      />
      {made && <SecretDialog made={made} close={() => setMade(null)} />}
      {opened && (
        <DeliveryDialog
          webhookId={webhook.id}
          deliveryId={opened.id}
          kind={opened.kind}
          close={() => setOpened(null)}
        />
      )}
    </Page>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-xs text-text-3">{name}</dt>
    <dd className="mt-0.5">{children}</dd>
  </div>
);

interface ConfirmProps {
  open: boolean;
  close: () => void;
  title: string;
  description: string;
  action: string;
  isDanger?: boolean;
  run: () => void;
}

const Confirm = ({ open, close, title, description, action, isDanger = false, run }: ConfirmProps) => (
  <Dialog
    open={open}
    onOpenChange={close}
    title={title}
    description={description}
    footer={
      <>
        <Button onClick={close}>Keep it</Button>
        <Button look={isDanger ? "danger" : "primary"} onClick={run}>
          {action}
        </Button>
      </>
    }
  />
);
