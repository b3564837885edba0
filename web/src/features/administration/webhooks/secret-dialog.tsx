// A secret, shown this once.
import type { WebhookWithSecret } from "@/contract";
import { Button } from "@/shared/ui/button";
import { CopyBox } from "@/shared/ui/copy-box";
import { Dialog } from "@/shared/ui/dialog";

export function SecretDialog({ made, close }: { made: WebhookWithSecret; close: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={close}
      title={`The secret of “${made.webhook.name}”`}
      description="It is shown this once. Keep it where your receiver can read it."
      footer={
        <Button look="primary" onClick={close}>
          I have kept it
        </Button>
      }
    >
      <CopyBox label="Secret" text={made.secret} />
      <p className="mt-3 text-sm text-text-2">
        Receivers check <code className="font-mono text-xs">webhook-signature</code> with it: an HMAC-SHA256 of{" "}
        <code className="font-mono text-xs">webhook-id.webhook-timestamp.body</code>. Libraries for{" "}
        <a
          href="https://www.standardwebhooks.com"
          target="_blank"
          rel="noreferrer"
          className="text-accent-text underline underline-offset-2"
        >
          Standard Webhooks
        </a>{" "}
        do that in one line; docs/webhooks.md has an example.
      </p>
      {made.webhook.old_secret_until && (
        <p className="mt-2 text-sm text-text-2">The secret before is valid for a day more.</p>
      )}
    </Dialog>
  );
}
