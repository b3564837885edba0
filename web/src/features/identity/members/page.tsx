// The team: who belongs to it, who is here now, and a form to bring someone in.
import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { Member } from "@/contract";
import { membersQuery } from "@/shared/people/members";
import { useMay, useMe } from "@/shared/session/session";
import { fullTime } from "@/shared/time";
import { Avatar, PresenceDot } from "@/shared/ui/avatar";
import { Button } from "@/shared/ui/button";
import { Page } from "@/shared/ui/pane";
import { Bone, Failed, Later } from "@/shared/ui/states";
import { AddMember } from "./add-member";

export function MembersPage() {
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay("members.manage");
  const members = useQuery(membersQuery);
  return (
    <Page
      title="Members"
      about="Everyone who answers customers or runs this workspace."
      actions={
        mayAdd && (
          <Button look="primary" onClick={() => setAdding(true)}>
            <UserPlus aria-hidden className="size-4" /> Add member
          </Button>
        )
      }
    >
      {members.isPending && (
        <Later>
          <Bones />
        </Later>
      )}
      {members.isError && <Failed error={members.error} retry={() => void members.refetch()} />}
      {members.data && (
        <ul aria-label="Members" className="divide-y divide-line rounded-lg border border-line bg-raised">
          {members.data.items.map((member) => (
            <MemberRow key={member.user_id} member={member} />
          ))}
        </ul>
      )}
      <AddMember open={adding} onOpenChange={setAdding} />
    </Page>
  );
}

const presenceNames = { online: "Online", away: "Away", offline: "Offline" };

function MemberRow({ member }: { member: Member }) {
  const me = useMe();
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <Avatar name={member.name} seed={member.user_id} size="lg" corner={<PresenceDot state={member.presence} />} />
      <div className="min-w-0 flex-1">
        <div className="truncate text-sm font-medium">
          {member.name}
          {member.user_id === me.user.id && <span className="ml-1.5 font-normal text-text-3">you</span>}
        </div>
        <div className="truncate text-xs text-text-3">{member.email}</div>
      </div>
      <span className="hidden text-xs text-text-3 sm:block">{presenceNames[member.presence]}</span>
      <span title={`Joined ${fullTime(member.joined_at)}`} className="w-28 text-right text-xs text-text-2 capitalize">
        {member.role}
      </span>
    </li>
  );
}

function Bones() {
  return (
    <div className="divide-y divide-line rounded-lg border border-line">
      {[60, 44, 52].map((width) => (
        <div key={width} className="flex items-center gap-3 px-4 py-3.5">
          <Bone className="size-9 rounded-full" />
          <div style={{ width: `${width}%` }}>
            <Bone className="h-3.5 w-1/2" />
            <Bone className="mt-1.5 h-3 w-2/3" />
          </div>
        </div>
      ))}
    </div>
  );
}
