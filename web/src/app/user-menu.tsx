// Who is signed in, and what concerns only them.
import { useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut, Monitor, Moon, Palette, Sun } from "lucide-react";
import { keySheet } from "@/shared/keys/shortcuts";
import { useMe } from "@/shared/session/session";
import { signOut } from "@/shared/session/sign-out";
import { useMember } from "@/shared/people/members";
import { changeAppearance, useAppearance } from "@/shared/theme";
import { Avatar, PresenceDot } from "@/shared/ui/avatar";
import { cx } from "@/shared/ui/cx";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuLine, MenuTrigger } from "@/shared/ui/menu";

export function UserMenu({ open }: { open: boolean }) {
  const me = useMe();
  const navigate = useNavigate();
  const { theme } = useAppearance();
  const presence = useMember(me.user.id)?.presence ?? "online";
  return (
    <Menu>
      <MenuTrigger
        aria-label={`${me.user.name}, your menu`}
        className={cx(
          "mt-1 flex h-10 items-center gap-2.5 rounded-md text-left hover:bg-hover data-[state=open]:bg-hover",
          open ? "px-1.5" : "justify-center",
        )}
      >
        <Avatar
          name={me.user.name}
          seed={me.user.id}
          size="sm"
          corner={<PresenceDot state={presence === "offline" ? "online" : presence} />}
        />
        {open && <span className="min-w-0 flex-1 truncate text-sm">{me.user.name}</span>}
      </MenuTrigger>
      <MenuContent side="top" align="start" className="w-60">
        <div className="px-2 pt-1 pb-2">
          <div className="truncate text-sm font-medium">{me.user.name}</div>
          <div className="truncate text-xs text-text-3">{me.user.email}</div>
        </div>
        <MenuLine />
        <MenuLabel>Theme</MenuLabel>
        <MenuItem
          icon={<Monitor />}
          checked={theme === "system"}
          onSelect={() => changeAppearance({ theme: "system" })}
        >
          System
        </MenuItem>
        <MenuItem icon={<Sun />} checked={theme === "light"} onSelect={() => changeAppearance({ theme: "light" })}>
          Light
        </MenuItem>
        <MenuItem icon={<Moon />} checked={theme === "dark"} onSelect={() => changeAppearance({ theme: "dark" })}>
          Dark
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Palette />} onSelect={() => void navigate({ to: "/settings/appearance" })}>
          Appearance
        </MenuItem>
        <MenuItem icon={<Keyboard />} keys="?" onSelect={() => setTimeout(() => keySheet.set(true), 0)}>
          Keys
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<LogOut />} onSelect={() => void signOut()}>
          Sign out
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
