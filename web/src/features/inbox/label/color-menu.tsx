import type { LabelColor } from "@/contract";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/shared/ui/menu";
import { LabelDot } from "./chip";
import { colorNames, colors } from "./colors";

interface ColorMenuProps {
  color: LabelColor;
  /** Whose colour it is, for those who do not see it. */
  name: string;
  choose: (color: LabelColor) => void;
}

export function ColorMenu({ color, name, choose }: ColorMenuProps) {
  return (
    <Menu>
      <MenuTrigger
        aria-label={`Colour of ${name}: ${colorNames[color]}`}
        className="flex size-8 shrink-0 items-center justify-center rounded-md hover:bg-hover"
      >
        <LabelDot color={color} className="size-3" />
      </MenuTrigger>
      <MenuContent align="start">
        {colors.map((one) => (
          <MenuItem
            key={one}
            icon={<LabelDot color={one} className="size-3" />}
            checked={one === color}
            onSelect={() => choose(one)}
          >
            {colorNames[one]}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
