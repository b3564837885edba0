// The line that puts the chat on a site, a page to try it, and the key it carries.
import { useMutation, useQuery } from "@tanstack/react-query";
import { ExternalLink, RotateCw } from "lucide-react";
import { useState } from "react";
import { sayProblem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Section } from "@/shared/ui/pane";
import { Bone, Later } from "@/shared/ui/states";
import { toast } from "@/shared/ui/toast";
import { rotateKey, snippetQuery, usePutChannel } from "./api";
import type { TabProps } from "./channel-page";
import { CopyBox } from "./copy-box";

export function InstallTab({ channel }: TabProps) {
  const snippet = useQuery(snippetQuery(channel));
  return (
    <div className="max-w-2xl">
      <Section
        title="On your site"
        about="Paste this before the closing body tag of every page that should have the chat. It loads after your page and does not slow it down."
      >
        {snippet.isPending && (
          <Later>
            <Bone className="h-24 rounded-lg" />
          </Later>
        )}
        {snippet.isError && (
          <p role="alert" className="text-sm text-red">
            {sayProblem(snippet.error)}
          </p>
        )}
        {snippet.data && <CopyBox label="Snippet" text={snippet.data.html} />}
        <a
          href={`/widget-test?key=${encodeURIComponent(channel.key)}`}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1.5 self-start text-sm font-medium text-accent-text hover:underline"
        >
          Try it on a sample page <ExternalLink aria-hidden className="size-3.5" />
        </a>
      </Section>
      <Section
        title="Key"
        about="The key in the line says which chat it is. It is not a secret. Make a new one when somebody misuses it."
      >
        <RotateKey id={channel.id} />
      </Section>
    </div>
  );
}

function RotateKey({ id }: { id: string }) {
  const [asking, setAsking] = useState(false);
  const put = usePutChannel();
  const rotate = useMutation({
    mutationFn: () => rotateKey(id),
    onSuccess: (channel) => {
      put(channel);
      setAsking(false);
      toast("There is a new key. Put the new line on your site.");
    },
  });
  return (
    <>
      <Button look="danger-quiet" className="self-start" onClick={() => setAsking(true)}>
        <RotateCw aria-hidden className="size-4" /> Make a new key
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Make a new key?"
        description="The chat disappears from every page that carries the old key until you put the new line there. This cannot be undone."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Keep the old one</Button>
            <Button look="danger" busy={rotate.isPending} onClick={() => rotate.mutate()}>
              Make a new key
            </Button>
          </>
        }
      >
        {rotate.isError && (
          <p role="alert" className="text-sm text-red">
            {sayProblem(rotate.error)}
          </p>
        )}
      </Dialog>
    </>
  );
}
