// The colleagues: asked once, kept fresh by the live connection, used wherever a person is named.
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Member, Page } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { on } from "@/shared/live/on";
import { useMay } from "@/shared/session/session";

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: async ({ signal }): Promise<Page<Member>> => answer(api.GET("/api/v1/identity/members", { params: { query: { limit: 100 } }, signal })),
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

export function putMember(page: Page<Member>, member: Member): Page<Member> {
  const known = page.items.some((one) => one.user_id === member.user_id);
  return { ...page, items: known ? page.items.map((one) => (one.user_id === member.user_id ? member : one)) : [...page.items, member] };
}

const put = (member: Member, cache: { setQueryData: (key: readonly unknown[], update: (page?: Page<Member>) => Page<Member> | undefined) => unknown }) =>
  cache.setQueryData(membersQuery.queryKey, (page) => page && putMember(page, member));

export const membersLive = on({
  "member.joined": put,
  "member.updated": put,
  presence: ({ user_id, state }, cache) =>
    cache.setQueryData(membersQuery.queryKey, (page) => page && { ...page, items: page.items.map((one) => (one.user_id === user_id ? { ...one, presence: state } : one)) }),
});
