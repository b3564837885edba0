// What somebody said, with its formatting where it has any.
import { createElement } from "react";
import type { Block } from "@/contract";
import { cx } from "../ui/cx";
import { known } from "./document";
import { linked, rendered } from "./render";

export function Said({ text, rich, className }: { text: string; rich?: Block[] | null; className?: string }) {
  const blocks = known(rich);
  const parts = blocks ? rendered(blocks, createElement) : linked(text, createElement);
  return createElement("div", { className: cx("rich", className) }, ...parts);
}
