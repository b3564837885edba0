// Identity's pages: the doors, which are open to everybody, and what the settings have of people.
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { rootRoute, settingsRoute } from "@/shared/roots";
import { early } from "@/shared/ui/lazily";
import { type Return, readReturn, session } from "@/shared/session/session";
import { safeReturn } from "./sign-in/tenants";

// Who signs out without a connection shall still find the door.
const signInPage = early(() => import("./sign-in/page"));

function leaveWhenSignedIn({ search }: { search: Return }): void {
  if (session.get().state === "signed_in") throw redirect({ href: safeReturn(search.return), replace: true });
}

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  component: lazyRouteComponent(signInPage, "SignInPage"),
  validateSearch: readReturn,
  beforeLoad: leaveWhenSignedIn,
});
const signUp = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-up",
  component: lazyRouteComponent(() => import("./sign-up/page"), "SignUpPage"),
  validateSearch: readReturn,
  beforeLoad: leaveWhenSignedIn,
});

const members = createRoute({
  getParentRoute: () => settingsRoute,
  path: "members",
  component: lazyRouteComponent(() => import("./members/page"), "MembersPage"),
  staticData: { title: "Members", needs: "members.read" },
});
const appearance = createRoute({
  getParentRoute: () => settingsRoute,
  path: "appearance",
  component: lazyRouteComponent(() => import("./appearance/page"), "AppearancePage"),
  staticData: { title: "Appearance" },
});

export const identityPages = { open: [signIn, signUp], settings: [members, appearance] } as const;
