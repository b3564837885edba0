// Who a visitor is: your site can vouch for them, signed with a secret only your server knows.
import { useMutation } from "@tanstack/react-query";
import { Eye, RotateCw } from "lucide-react";
import { useState } from "react";
import { sayProblem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Section } from "@/shared/ui/pane";
import { SwitchRow } from "@/shared/ui/switch";
import { fetchSecret, rotateSecret } from "./api";
import type { TabProps } from "./channel-page";
import { CopyBox } from "./copy-box";

export function IdentityTab({ channel, changeNow }: TabProps) {
  const { settings } = channel;
  return (
    <div className="max-w-2xl">
      <Section
        title="People you know"
        about="When somebody is signed in to your site, let your server tell the chat who it is. Then nobody can pose as another customer, and their conversations follow them to every device."
      >
        <SwitchRow
          label="Only people your site has vouched for"
          hint="Everyone else does not see the chat."
          checked={settings.require_identity}
          onChange={(require_identity) => changeNow({ ...channel, settings: { ...settings, require_identity } })}
        />
      </Section>
      <Section
        title="Secret"
        about="It signs who somebody is. Keep it on your server; whoever has it can pose as any of your customers."
      >
        <Secret id={channel.id} />
      </Section>
      <Section
        title="How to sign"
        about="On your server, make a hash of the person’s id in your system and hand both to the chat."
      >
        <CopyBox label="Example for a server" text={serverExample} />
        <CopyBox label="Example for a page" text={pageExample(channel.key)} />
        <CopyBox label="Or, stricter: a token that ends" text={tokenExample} />
      </Section>
    </div>
  );
}

const serverExample = `import { createHmac } from "node:crypto";

const hash = createHmac("sha256", process.env.SWITCHBOARD_SECRET)
  .update(user.id)
  .digest("hex");`;

const tokenExample = `import jwt from "jsonwebtoken";

// Good for an hour at most; the page hands it over as data-identity-token.
const token = jwt.sign({ sub: user.id, name: user.name, email: user.email },
  process.env.SWITCHBOARD_SECRET, { expiresIn: "10m" });`;

const pageExample = (key: string) => `<script src="${location.origin}/widget.js" data-key="${key}"
  data-user-id="42" data-user-hash="<hash>"
  data-user-name="Grace" data-user-email="grace@example.com" async></script>`;

function Secret({ id }: { id: string }) {
  const [asking, setAsking] = useState(false);
  const reveal = useMutation({ mutationFn: () => fetchSecret(id) });
  const rotate = useMutation({ mutationFn: () => rotateSecret(id), onSuccess: () => setAsking(false) });
  const secret = rotate.data?.secret ?? reveal.data?.secret;
  const error = rotate.error ?? reveal.error;
  return (
    <>
      {secret ? (
        <CopyBox label="Secret" text={secret} />
      ) : (
        <p className="rounded-lg border border-line bg-canvas p-3.5 font-mono text-xs tracking-widest text-text-3">
          {"•".repeat(40)}
        </p>
      )}
      {error && (
        <p role="alert" className="text-sm text-red">
          {sayProblem(error)}
        </p>
      )}
      <div className="flex gap-2">
        {!secret && (
          <Button busy={reveal.isPending} onClick={() => reveal.mutate()}>
            <Eye aria-hidden className="size-4" /> Show the secret
          </Button>
        )}
        <Button look="danger-quiet" onClick={() => setAsking(true)}>
          <RotateCw aria-hidden className="size-4" /> Make a new one
        </Button>
      </div>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Make a new secret?"
        description="The old one stops working at once: people your server vouches for with it are refused until it uses the new one. This cannot be undone."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Keep the old one</Button>
            <Button look="danger" busy={rotate.isPending} onClick={() => rotate.mutate()}>
              Make a new secret
            </Button>
          </>
        }
      />
    </>
  );
}
