import { queryOptions } from "@tanstack/react-query";
import type { Contact, Page } from "@/contract";
import { answer, api } from "@/shared/api/client";

export const keys = { contact: (id: string) => ["crm", "contact", id] as const };

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: keys.contact(id),
    queryFn: ({ signal }): Promise<Contact> =>
      answer(api.GET("/api/v1/crm/contacts/{id}", { params: { path: { id } }, signal })),
    staleTime: 60_000,
  });

export const findContacts = (q: string, signal: AbortSignal): Promise<Page<Contact>> =>
  answer(api.GET("/api/v1/crm/contacts", { params: { query: { q, limit: 5 } }, signal }));
