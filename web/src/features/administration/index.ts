// Administration: what the running system is doing.
import { Activity } from "lucide-react";
import type { Registration } from "@/shared/registration";

export const administration: Registration = {
  name: "administration",
  nav: [
    {
      label: "Live",
      to: "/administration/live",
      icon: Activity,
      keys: "g l",
      place: "main",
      order: 10,
      needs: "actors.read",
    },
  ],
};
