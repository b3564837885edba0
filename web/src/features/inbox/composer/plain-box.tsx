// Letters alone: until the editor is here, and where it cannot come.
import { useImperativeHandle, useRef } from "react";
import { byFinger, sends } from "@/shared/media";
import { cx } from "@/shared/ui/cx";
import { textOf } from "@/shared/rich/document";
import type { BoxProps } from "./box";
import { useGrowing } from "./use-growing";

export function PlainBox(props: BoxProps & { begin: () => void }) {
  const { ref, content, label, placeholder, write, post, leave, begin, foot } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  const text = textOf(content);
  useGrowing(area, text);
  useImperativeHandle(ref, () => ({ focus: () => area.current?.focus(), blur: () => area.current?.blur() }), []);
  return (
    <>
      <textarea
        ref={area}
        value={text}
        // What was written with formatting waits for the editor, which keeps it.
        readOnly={typeof content !== "string"}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") area.current?.blur();
          if (!sends(event.nativeEvent, byFinger())) return;
          event.preventDefault();
          post();
        }}
        onFocus={begin}
        onBlur={leave}
        rows={1}
        enterKeyHint={byFinger() ? "enter" : "send"}
        data-quiet-focus
        aria-label={label}
        placeholder={placeholder}
        className={cx(
          "block max-h-[40vh] min-h-13 w-full resize-none",
          "bg-transparent px-3.5 py-1.5 text-message outline-none",
        )}
      />
      <div className="flex min-h-9.5 items-center gap-3 px-2 pb-2">{foot}</div>
    </>
  );
}
