// The ways customers can reach this team.
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight, MessageCircle, Plus } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import type { Channel, WebChatSettings } from "@/contract";
import { sayProblem } from "@/shared/api/problem";
import { useMay } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Field, Input } from "@/shared/ui/field";
import { Page } from "@/shared/ui/pane";
import { Bone, Failed, Later } from "@/shared/ui/states";
import { channelsQuery } from "../model/api";
import { useCreateChannel } from "./api";
import { WidgetPreview } from "./widget-preview";
import { cx } from "@/shared/ui/cx";

export function ChannelsPage() {
  const channels = useQuery(channelsQuery);
  const mayManage = useMay("channels.manage");
  const [creating, setCreating] = useState(false);
  const items = channels.data?.items ?? [];
  const create = mayManage && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden className="size-4" /> New web chat
    </Button>
  );
  return (
    <Page
      title="Channels"
      about="The ways customers can reach you. What they write arrives in the inbox."
      actions={items.length > 0 && create}
    >
      {channels.isPending && (
        <Later>
          <div className="flex flex-col gap-2">
            <Bone className="h-16 rounded-lg" />
            <Bone className="h-16 rounded-lg" />
          </div>
        </Later>
      )}
      {channels.isError && <Failed error={channels.error} retry={() => void channels.refetch()} />}
      {channels.data && items.length === 0 && <NoChannels action={create} />}
      {items.length > 0 && (
        <ul aria-label="Channels" className="divide-y divide-line rounded-lg border border-line bg-raised">
          {items.map((channel) => (
            <ChannelRow key={channel.id} channel={channel} />
          ))}
        </ul>
      )}
      <Dialog
        open={creating}
        onOpenChange={setCreating}
        title="New web chat"
        description="A chat for your site. Everything can be changed later."
      >
        <NewChannelForm />
      </Dialog>
    </Page>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const { allowed_origins } = channel.settings;
  const where =
    allowed_origins.length === 0
      ? "On any site"
      : allowed_origins.length === 1
        ? `On ${allowed_origins[0]}`
        : `On ${allowed_origins.length} sites`;
  return (
    <li>
      <Link
        to="/settings/channels/$channelId"
        params={{ channelId: channel.id }}
        className="flex items-center gap-3 px-4 py-3.5 first:rounded-t-lg last:rounded-b-lg hover:bg-hover"
      >
        <span
          className="flex size-9 items-center justify-center rounded-lg"
          style={{ background: `color-mix(in oklab, ${channel.settings.color} 16%, transparent)` }}
        >
          <MessageCircle aria-hidden className="size-4.5" style={{ color: channel.settings.color }} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium">{channel.name}</span>
          <span className="block truncate text-xs text-text-3">Web chat · {where}</span>
        </span>
        <span
          className={
            channel.enabled
              ? "rounded-full bg-green-soft px-2 text-xs leading-5 text-green"
              : "rounded-full bg-hover px-2 text-xs leading-5 text-text-3"
          }
        >
          {channel.enabled ? "On" : "Off"}
        </span>
        <ChevronRight aria-hidden className="size-4 text-text-3" />
      </Link>
    </li>
  );
}

const sample: WebChatSettings = {
  color: "#5b5bd6",
  title: "Hello there",
  greeting: "Ask us anything.",
  launcher_text: "",
  reply_time: "We usually answer in a few minutes",
  position: "right",
  allowed_origins: [],
  ask_email: true,
  reopen_within_hours: 72,
  require_identity: false,
};

function NoChannels({ action }: { action: ReactNode }) {
  return (
    <div
      className={cx(
        "flex flex-col items-center gap-10 rounded-xl border border-line",
        "bg-canvas px-6 py-12 md:flex-row md:justify-center md:gap-14",
      )}
    >
      <div className="max-w-xs text-center md:text-left">
        <h2 className="text-lg font-semibold">Put a chat on your site</h2>
        <p className="mt-1.5 mb-5 text-sm text-text-2">
          Name it, choose its words and colour, and paste one line into your page. Customers’ messages arrive in the
          inbox the moment they are sent.
        </p>
        {action || <p className="text-sm text-text-3">An administrator can set one up.</p>}
      </div>
      <div aria-hidden className="pointer-events-none">
        <WidgetPreview settings={sample} />
      </div>
    </div>
  );
}

function NewChannelForm() {
  const navigate = useNavigate();
  const create = useCreateChannel();
  const [name, setName] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate(
      { kind: "web_chat", name: name.trim() },
      {
        onSuccess: (channel) =>
          void navigate({ to: "/settings/channels/$channelId", params: { channelId: channel.id } }),
      },
    );
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label="Name"
        hint="Your team sees it in the inbox; customers do not."
        error={create.isError ? sayProblem(create.error) : undefined}
      >
        {(field) => (
          <Input
            autoFocus
            placeholder="Shop chat"
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
            {...field}
          />
        )}
      </Field>
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={name.trim() === ""} busy={create.isPending}>
          Create web chat
        </Button>
      </div>
    </form>
  );
}
