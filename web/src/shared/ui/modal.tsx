// What lies over the page until it is closed. Nothing behind it is reached, and the focus goes back to where it was.
import { Dialog } from "radix-ui";
import { type ComponentProps, useState } from "react";
import { cx } from "./cx";

interface ModalProps extends ComponentProps<typeof Dialog.Content> {
  close: () => void;
}

/** Shown while it is mounted. Its name is the Dialog.Title among its children. */
export function Modal({ close, className, ...rest }: ModalProps) {
  const giveFocusBack = useFocusBefore();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={giveFocusBack}
          className={cx("fixed z-50 animate-fade bg-raised shadow-float outline-none", className)}
          {...rest}
        />
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Radix knows only its own triggers; what a key opened would leave the focus nowhere. */
function useFocusBefore(): (event: Event) => void {
  const [before] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    // What was chosen may have taken the focus already.
    const isFree = document.activeElement === null || document.activeElement === document.body;
    if (isFree && before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
}
