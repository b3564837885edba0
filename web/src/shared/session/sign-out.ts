import { api } from "@/shared/api/client";
import { signedOut } from "./session";

/** Signs out here and on the server; without a connection at least here. */
export async function signOut(): Promise<void> {
  await api.POST("/api/v1/identity/logout").catch(() => undefined);
  signedOut();
}
