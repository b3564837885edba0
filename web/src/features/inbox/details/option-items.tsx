import { MenuItem } from "@/shared/ui/menu";
import type { Option } from "./use-options";

export function OptionItems({ options }: { options: Option[] }) {
  return options.map((option) => (
    <MenuItem key={option.id} icon={option.icon} hint={option.hint} checked={option.isChosen} onSelect={option.run}>
      {option.label}
    </MenuItem>
  ));
}
