// Who the customer is: name, ways to reach them, what we know.
import { useQuery } from "@tanstack/react-query";
import { BadgeCheck, Copy, Mail, Phone } from "lucide-react";
import type { ReactNode } from "react";
import type { Contact, ContactBrief } from "@/contract";
import { useMay } from "@/shared/session/session";
import { dayName, fullTime, useNow } from "@/shared/time";
import { Avatar } from "@/shared/ui/avatar";
import { Bone, Later } from "@/shared/ui/states";
import { toast } from "@/shared/ui/toast";
import { Tip } from "@/shared/ui/tooltip";
import { contactQuery } from "./api";
import { factsOf, saySeen } from "./facts";
import { cx } from "@/shared/ui/cx";

export function ContactCard({ contact: brief }: { contact: ContactBrief }) {
  const may = useMay("contacts.read");
  const query = useQuery({ ...contactQuery(brief.id), enabled: may });
  const contact = query.data;
  const { name, email, verified } = contact ?? brief;
  return (
    <section aria-label="Customer" className="px-4 pt-5 pb-4">
      <div className="flex items-center gap-3">
        <Avatar name={name} seed={brief.id} size="xl" />
        <div className="min-w-0">
          <h3 className="flex items-center gap-1.5 text-base font-semibold">
            <span className="truncate">{name}</span>
            {verified && (
              <Tip label="Your site has vouched for who this is">
                <BadgeCheck aria-label="Verified" className="size-4 shrink-0 text-green" />
              </Tip>
            )}
          </h3>
          {contact && <LastSeen contact={contact} />}
        </div>
      </div>
      <div className="mt-3 flex flex-col">
        {email && <Reach icon={<Mail aria-hidden />} text={email} />}
        {contact?.phone && <Reach icon={<Phone aria-hidden />} text={contact.phone} />}
      </div>
      {may && query.isPending && (
        <Later>
          <div className="mt-3 flex flex-col gap-2.5">
            <Bone className="h-3 w-3/4" />
            <Bone className="h-3 w-1/2" />
          </div>
        </Later>
      )}
      {contact && <Facts contact={contact} />}
    </section>
  );
}

function LastSeen({ contact }: { contact: Contact }) {
  const now = useNow();
  const seen = contact.last_seen_at;
  if (!seen) return <p className="text-xs text-text-3">Since {dayName(contact.created_at, now)}</p>;
  return (
    <p title={fullTime(seen)} className="text-xs text-text-3">
      {saySeen(seen, now)}
    </p>
  );
}

function Reach({ icon, text }: { icon: ReactNode; text: string }) {
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => toast(`Copied ${text}`),
      () => undefined,
    );
  return (
    <button
      type="button"
      onClick={copy}
      title={`Copy ${text}`}
      className={cx(
        "group -mx-2 flex h-7.5 items-center gap-2.5 rounded-md px-2 text-left text-sm",
        "hover:bg-hover [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-text-3",
      )}
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{text}</span>
      <Copy aria-hidden className="opacity-0 group-hover:opacity-100" />
    </button>
  );
}

function Facts({ contact }: { contact: Contact }) {
  const facts = factsOf(contact.attributes);
  if (facts.length === 0) return null;
  return (
    <dl className="mt-2">
      {facts.map(({ name, value, href }) => (
        <div key={name} className="flex min-h-7 items-center">
          <dt className="w-[88px] shrink-0 truncate text-sm text-text-3">{name}</dt>
          <dd title={value} className="min-w-0 flex-1 truncate text-sm">
            {href ? (
              <a
                href={href}
                target="_blank"
                rel="noopener noreferrer nofollow"
                className="cursor-pointer text-accent-text hover:underline"
              >
                {value}
              </a>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
