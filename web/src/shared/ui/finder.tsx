// A list in the middle of the screen that is narrowed down by typing: the palette and the choosers.
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { Modal } from "./modal";

interface FinderProps {
  title: string;
  wide?: boolean;
  close: () => void;
  children: ReactNode;
}

export function Finder({ title, wide = false, close, children }: FinderProps) {
  return (
    <Modal
      close={close}
      className={cx(
        "left-1/2 w-[calc(100vw-24px)] -translate-x-1/2 overflow-hidden rounded-xl",
        wide ? "top-[14vh] max-w-xl" : "top-[18vh] max-w-sm",
      )}
    >
      <Dialog.Title className="sr-only">{title}</Dialog.Title>
      {children}
    </Modal>
  );
}
