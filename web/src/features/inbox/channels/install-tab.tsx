// The line that puts the chat on a site, a page to try it, and the key it carries.
import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { sayProblem } from "@/shared/api/problem";
import { Section } from "@/shared/ui/pane";
import { Bone, Later } from "@/shared/ui/states";
import { toast } from "@/shared/ui/toast";
import { rotateKey, snippetQuery, usePutChannel } from "./api";
import type { TabProps } from "./channel-page";
import { CopyBox } from "@/shared/ui/copy-box";
import { MakeAnew } from "./make-anew";

export function InstallTab({ channel }: TabProps) {
  const snippet = useQuery(snippetQuery(channel));
  return (
    <div className="max-w-2xl">
      <Section
        title="On your site"
        about={
          <>
            Paste this before the closing body tag of every page that should have the chat. It loads after your page and
            does not slow it down.
          </>
        }
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
        <NewKey id={channel.id} />
      </Section>
    </div>
  );
}

function NewKey({ id }: { id: string }) {
  const put = usePutChannel();
  return (
    <MakeAnew
      thing="key"
      consequence="The chat disappears from every page that carries the old key until you put the new line there."
      make={() => rotateKey(id)}
      made={(channel) => {
        put(channel);
        toast("There is a new key. Put the new line on your site.");
      }}
    />
  );
}
