// Identity: coming in, going out, the team, and one's own preferences.
import { LogOut, Palette, Users } from "lucide-react";
import { membersLive } from "@/shared/people/members";
import type { Registration } from "@/shared/registration";
import { signOut } from "@/shared/session/sign-out";
import { changeAppearance } from "@/shared/theme";

export const identity: Registration = {
  name: "identity",
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
