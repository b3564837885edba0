import { Lock } from "lucide-react";
import type { Permission } from "@/contract";
import { useMe } from "@/shared/session/session";
import { Empty } from "@/shared/ui/states";

export function Denied({ permission }: { permission: Permission }) {
  const { role } = useMe();
  return (
    <div className="flex-1 bg-surface">
      <Empty picture={<Lock aria-hidden className="size-7" />} title="Your role does not include this page">
        You are here as <span className="font-medium text-text">{role}</span>; the page needs{" "}
        <code className="rounded bg-hover px-1 py-0.5 font-mono text-xs">{permission}</code>. An administrator of your
        workspace can change that.
      </Empty>
    </div>
  );
}
