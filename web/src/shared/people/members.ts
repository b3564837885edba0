// The colleagues: asked once, kept fresh by the live connection, used wherever a person is named.
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Member, Page } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { on } from "@/shared/live/on";
import { useMay } from "@/shared/session/session";

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: async ({ signal }): Promise<Page<Member>> => answer(api.GET("/api/v1/identity/members", { signal })),
  staleTime: 5 * 60_000,
});

const nobody: Member[] = [];

export function useMembers(): Member[] {
  const may = useMay("members.read");
  return useQuery({ ...membersQuery, enabled: may }).data?.items ?? nobody;
}

export function useMember(id: string | null | undefined): Member | undefined {
  const members = useMembers();
  return id ? members.find((member) => member.user_id === id) : undefined;
}

/** Puts in or replaces a member. Who joins is announced without their presence; what is known of it stays. */
export function putMember(
  page: Page<Member>,
  member: Omit<Member, "presence" | "joined_at"> & Partial<Member>,
): Page<Member> {
  const known = page.items.find((one) => one.user_id === member.user_id);
  if (known) return { ...page, items: page.items.map((one) => (one === known ? { ...one, ...member } : one)) };
  return { ...page, items: [...page.items, { presence: "offline", joined_at: new Date().toISOString(), ...member }] };
}

export const membersLive = on({
  "member.joined": (member, cache) =>
    cache.setQueryData(membersQuery.queryKey, (page) => page && putMember(page, member)),
  presence: ({ user_id, state }, cache) =>
    cache.setQueryData(
      membersQuery.queryKey,
      (page) =>
        page && {
          ...page,
          items: page.items.map((one) => (one.user_id === user_id ? { ...one, presence: state } : one)),
        },
    ),
});
