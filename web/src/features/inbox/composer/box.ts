// The place where one writes, whatever it is made of.
import type { ReactNode, Ref } from "react";
import type { Content } from "@/shared/rich/document";
import type { Mode } from "./drafts";

export interface Box {
  focus: () => void;
  blur: () => void;
}

export interface BoxProps {
  ref?: Ref<Box>;
  mode: Mode;
  content: Content;
  label: string;
  placeholder: string;
  write: (content: Content) => void;
  post: () => void;
  leave: () => void;
  /** What stands below. */
  foot: ReactNode;
}
