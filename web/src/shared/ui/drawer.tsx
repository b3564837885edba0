// What slides over the page from one of its sides, where there is no room beside it.
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { Modal } from "./modal";

interface DrawerProps {
  side: "left" | "right";
  title: string;
  close: () => void;
  children: ReactNode;
}

const sides = { left: "left-0 w-[272px]", right: "right-0 w-[min(340px,88vw)]" };

export function Drawer({ side, title, close, children }: DrawerProps) {
  return (
    <Modal close={close} className={cx("inset-y-0", sides[side])}>
      <Dialog.Title className="sr-only">{title}</Dialog.Title>
      {children}
    </Modal>
  );
}
