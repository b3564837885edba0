import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { Modal } from "./modal";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
}

export function Dialog({ open, onOpenChange, title, description, children, footer, wide = false }: DialogProps) {
  if (!open) return null;
  return (
    <Modal
      close={() => onOpenChange(false)}
      className={cx(
        "top-[12vh] left-1/2 flex max-h-[76vh] w-[calc(100vw-32px)] -translate-x-1/2 flex-col rounded-xl",
        wide ? "max-w-2xl" : "max-w-md",
      )}
    >
      <div className="flex items-start gap-4 px-5 pt-4">
        <div className="flex-1">
          <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
          {description && (
            <Radix.Description asChild>
              <div className="mt-1 text-sm text-text-2">{description}</div>
            </Radix.Description>
          )}
        </div>
        <Radix.Close
          aria-label="Close"
          className={cx(
            "-mr-1.5 flex size-7 items-center justify-center rounded-md",
            "text-text-3 hover:bg-hover hover:text-text",
          )}
        >
          <X className="size-4" />
        </Radix.Close>
      </div>
      {children && <div className="overflow-y-auto px-5 pt-4 pb-5">{children}</div>}
      {footer && <div className={cx("flex justify-end gap-2 px-5 pb-4", !children && "pt-5")}>{footer}</div>}
    </Modal>
  );
}
