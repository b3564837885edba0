import type { Credentials, SignedIn } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { signedIn } from "@/shared/session/session";

export async function signIn(credentials: Credentials): Promise<SignedIn> {
  const who = await answer(api.POST("/api/v1/identity/login", { body: credentials }));
  signedIn(who);
  return who;
}
