// Identity: coming in, going out, the team, and one's own preferences.
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { LogOut, Palette, Users } from "lucide-react";
import { membersLive } from "@/shared/people/members";
import type { Registration } from "@/shared/registration";
import { rootRoute, settingsRoute } from "@/shared/roots";
import { session } from "@/shared/session/session";
import { signOut } from "@/shared/session/sign-out";
import { changeAppearance } from "@/shared/theme";
import { SignInPage } from "./sign-in/page";
import { safeReturn } from "./sign-in/tenants";

function leaveWhenSignedIn({ search }: { search: { return?: unknown } }): void {
  if (session.get().state === "signed_in") throw redirect({ href: safeReturn(search.return), replace: true });
}

export const identity: Registration = {
  name: "identity",
  open: [
    createRoute({
      getParentRoute: () => rootRoute,
      path: "/sign-in",
      component: SignInPage,
      beforeLoad: leaveWhenSignedIn,
    }),
    createRoute({
      getParentRoute: () => rootRoute,
      path: "/sign-up",
      component: lazyRouteComponent(() => import("./sign-up/page"), "SignUpPage"),
      beforeLoad: leaveWhenSignedIn,
    }),
  ],
  settings: [
    createRoute({
      getParentRoute: () => settingsRoute,
      path: "members",
      component: lazyRouteComponent(() => import("./members/page"), "MembersPage"),
      staticData: { title: "Members", needs: "members.read" },
    }),
    createRoute({
      getParentRoute: () => settingsRoute,
      path: "appearance",
      component: lazyRouteComponent(() => import("./appearance/page"), "AppearancePage"),
      staticData: { title: "Appearance" },
    }),
  ],
  nav: [
    {
      label: "Members",
      to: "/settings/members",
      icon: Users,
      keys: "g m",
      place: "workspace",
      order: 20,
      needs: "members.read",
    },
    { label: "Appearance", to: "/settings/appearance", icon: Palette, place: "personal", order: 10 },
  ],
  live: [membersLive],
  commands: () => [
    {
      id: "theme-light",
      label: "Use the light theme",
      group: "Actions",
      icon: Palette,
      run: () => changeAppearance({ theme: "light" }),
    },
    {
      id: "theme-dark",
      label: "Use the dark theme",
      group: "Actions",
      icon: Palette,
      run: () => changeAppearance({ theme: "dark" }),
    },
    {
      id: "theme-system",
      label: "Follow the system theme",
      group: "Actions",
      icon: Palette,
      run: () => changeAppearance({ theme: "system" }),
    },
    { id: "sign-out", label: "Sign out", group: "Actions", icon: LogOut, run: () => void signOut() },
  ],
};
