// One web chat: how it looks, where it may be, who its visitors are, and how it gets onto a site.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Check } from "lucide-react";
import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import type { Channel } from "@/contract";
import { hasCode } from "@/shared/api/problem";
import { useIsNarrow } from "@/shared/media";
import { useMay } from "@/shared/session/session";
import { Page } from "@/shared/ui/pane";
import { Bone, Empty, Failed, Later } from "@/shared/ui/states";
import { channelQuery } from "./api";
import { BehaviourTab } from "./behaviour-tab";
import { IdentityTab } from "./identity-tab";
import { InstallTab } from "./install-tab";
import { LooksTab } from "./looks-tab";
import { type SaveState, useSaved } from "./use-saved";
import { cx } from "@/shared/ui/cx";

export interface TabProps {
  channel: Channel;
  change: (next: Channel) => void;
  changeNow: (next: Channel) => void;
}

export function ChannelPage() {
  const { channelId = "" } = useParams({ strict: false }) as { channelId?: string };
  const navigate = useNavigate();
  const query = useQuery(channelQuery(channelId));
  const back = (): void => void navigate({ to: "/settings/channels" });
  if (query.data) return <OpenChannel key={channelId} channel={query.data} back={back} />;
  return (
    <Page title="Channel" back={back}>
      {query.isPending && (
        <Later>
          <Bone className="h-80 rounded-lg" />
        </Later>
      )}
      {query.isError &&
        (hasCode(query.error, "not_found") ? (
          <Empty title="This channel is not here" />
        ) : (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ))}
    </Page>
  );
}

const tabs = [
  ["looks", "Looks"],
  ["behaviour", "Behaviour"],
  ["identity", "Identity"],
  ["install", "Install"],
] as const;

function OpenChannel({ channel, back }: { channel: Channel; back: () => void }) {
  const { state, change, changeNow } = useSaved(channel);
  const mayManage = useMay("channels.manage");
  const isNarrow = useIsNarrow();
  const props = { channel, change, changeNow };
  return (
    <Page
      wide
      back={back}
      title={channel.name}
      over={
        !isNarrow && (
          <Link to="/settings/channels" className="inline-flex items-center gap-1 hover:text-text">
            <ArrowLeft aria-hidden className="size-3.5" /> Channels
          </Link>
        )
      }
      actions={<SavedWord state={state} />}
    >
      <Tabs.Root defaultValue="looks">
        <Tabs.List aria-label="Settings of this channel" className="mb-6 flex gap-1 border-b border-line">
          {tabs.map(([value, label]) => (
            <Tabs.Trigger
              key={value}
              value={value}
              className={cx(
                "-mb-px h-9 border-b-2 border-transparent px-3 text-sm text-text-2",
                "hover:text-text data-[state=active]:border-accent",
                "data-[state=active]:font-medium data-[state=active]:text-text",
              )}
            >
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <fieldset disabled={!mayManage} className="min-w-0">
          <Tab value="looks">
            <LooksTab {...props} />
          </Tab>
          <Tab value="behaviour">
            <BehaviourTab {...props} />
          </Tab>
          <Tab value="identity">
            <IdentityTab {...props} />
          </Tab>
          <Tab value="install">
            <InstallTab {...props} />
          </Tab>
        </fieldset>
      </Tabs.Root>
    </Page>
  );
}

const Tab = ({ value, children }: { value: string; children: ReactNode }) => (
  <Tabs.Content value={value} className="outline-none">
    {children}
  </Tabs.Content>
);

function SavedWord({ state }: { state: SaveState }) {
  return (
    <span role="status" className="flex h-8 items-center gap-1.5 text-xs text-text-3">
      {state === "saved" && (
        <>
          <Check aria-hidden className="size-3.5 text-green" /> All changes saved
        </>
      )}
      {(state === "waiting" || state === "saving") && "Saving…"}
      {state === "wrong" && <span className="text-amber">Not saved yet</span>}
    </span>
  );
}
