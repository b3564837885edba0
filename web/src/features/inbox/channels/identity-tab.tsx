// Who a visitor is: your site can vouch for them, signed with a secret only your server knows.
import { useMutation } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { useState } from "react";
import type { ChannelSecret } from "@/contract";
import { sayProblem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Section } from "@/shared/ui/pane";
import { SwitchRow } from "@/shared/ui/switch";
import { fetchSecret, rotateSecret } from "./api";
import type { TabProps } from "./channel-page";
import { CopyBox } from "@/shared/ui/copy-box";
import { MakeAnew } from "./make-anew";

export function IdentityTab({ channel, changeNow }: TabProps) {
  const { settings } = channel;
  return (
    <div className="max-w-2xl">
      <Section
        title="People you know"
        about={
          <>
            When somebody is signed in to your site, let your server tell the chat who it is. Then nobody can pose as
            another customer, and their conversations follow them to every device.
          </>
        }
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
  const [secret, setSecret] = useState<string | null>(null);
  const show = (answer: ChannelSecret): void => setSecret(answer.secret);
  const reveal = useMutation({ mutationFn: () => fetchSecret(id), onSuccess: show });
  return (
    <>
      {secret ? (
        <CopyBox label="Secret" text={secret} />
      ) : (
        <p className="rounded-lg border border-line bg-canvas p-3.5 font-mono text-xs tracking-widest text-text-3">
          {"•".repeat(40)}
        </p>
      )}
      {reveal.isError && (
        <p role="alert" className="text-sm text-red">
          {sayProblem(reveal.error)}
        </p>
      )}
      <div className="flex gap-2">
        {!secret && (
          <Button busy={reveal.isPending} onClick={() => reveal.mutate()}>
            <Eye aria-hidden className="size-4" /> Show the secret
          </Button>
        )}
        <MakeAnew
          thing="secret"
          consequence={
            <>
              The old one stops working at once: people your server vouches for with it are refused until it uses the
              new one.
            </>
          }
          make={() => rotateSecret(id)}
          made={show}
        />
      </div>
    </>
  );
}
