// Customers: who they are, beside their conversations and in the palette.
import { UserRound } from "lucide-react";
import { on } from "@/shared/live/on";
import type { Registration } from "@/shared/registration";
import { session } from "@/shared/session/session";
import { findContacts, keys } from "./contact/api";
import { ContactCard } from "./contact/contact-card";

export const crm: Registration = {
  name: "crm",
  slots: { contact: ContactCard },
  live: [on({ "contact.updated": (contact, cache) => cache.setQueryData(keys.contact(contact.id), contact) })],
  search: (go) => async (text, signal) => {
    if (text.length < 2 || !session.get().me?.permissions.includes("contacts.read")) return [];
    const { items } = await findContacts(text, signal);
    return items.map((contact) => ({
      id: `contact ${contact.id}`,
      label: contact.name,
      ...(contact.email ? { hint: contact.email } : {}),
      group: "People" as const,
      icon: UserRound,
      run: () =>
        void go({ to: "/inbox/$view", params: { view: "all" }, search: { status: "any", contact: contact.id } }),
    }));
  },
};
