// What the page says to the widget: the attributes of its script tag.
import type { components } from "@/contract/schema";

export type Identity = NonNullable<components["schemas"]["NewVisit"]["identity"]>;

/** The words a page uses for who its customer is; either the token or the id with its hash. */
export interface Person {
  token?: string;
  user_id?: string;
  hash?: string;
  name?: string;
  email?: string;
}

export interface Settings {
  base: string;
  key: string;
  identity: Identity | null;
}

export function readSettings(script: HTMLScriptElement): Settings | null {
  const { key, identityToken, userId, userHash, userName, userEmail } = script.dataset;
  if (!key) return null;
  const person = { token: identityToken, user_id: userId, hash: userHash, name: userName, email: userEmail };
  return { base: new URL(script.src).origin, key, identity: identityOf(person) };
}

export function identityOf({ token, user_id, hash, name, email }: Person): Identity | null {
  if (token) return { token };
  if (user_id && hash) return { user_id, hash, ...(name ? { name } : {}), ...(email ? { email } : {}) };
  return null;
}
