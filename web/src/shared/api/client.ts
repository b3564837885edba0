// The one HTTP client: typed by the contract, brings the token, refreshes it once, and turns failures into problems.
import createClient from "openapi-fetch";
import type { Given, paths } from "@/contract";
import { accessToken, distrust } from "@/shared/session/session";
import { localProblem, problemFrom } from "./problem";

/** Paths that are asked before anyone is signed in. */
const open = [
  "/api/v1/identity/tenants",
  "/api/v1/identity/login",
  "/api/v1/identity/refresh",
  "/api/v1/identity/logout",
];

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? "", fetch: authorizedFetch });

async function authorizedFetch(request: Request): Promise<Response> {
  if (open.includes(new URL(request.url).pathname)) return send(request);
  const again = request.clone();
  const token = await accessToken();
  const response = await send(withToken(request, token));
  if (response.status !== 401) return response;
  if (token) distrust(token);
  const renewed = await accessToken();
  return renewed && renewed !== token ? send(withToken(again, renewed)) : response;
}

function withToken(request: Request, token: string | null): Request {
  if (token) request.headers.set("authorization", `Bearer ${token}`);
  return request;
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw localProblem("offline", "Switchboard cannot be reached.");
  }
}

/** Unwraps a call of the client: the data, or a thrown problem. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Given<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemFrom(error, response.status, response.headers.get("retry-after"));
  return data as Given<T>;
}
