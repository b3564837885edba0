// The frame of a screen: a header line, and on a phone the way to the rail or back.
import { ArrowLeft, Menu as MenuIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useIsNarrow } from "@/shared/media";
import { createStore } from "@/shared/store";
import { IconButton } from "./icon-button";

/** Whether the rail is shown over the page, on a phone. */
export const drawer = createStore(false);

export function PaneHeader({ children, back }: { children: ReactNode; back?: (() => void) | undefined }) {
  const isNarrow = useIsNarrow();
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-3">
      {back && <IconButton label="Back" icon={<ArrowLeft />} onClick={back} className="-ml-1" />}
      {!back && isNarrow && (
        <IconButton label="Open navigation" icon={<MenuIcon />} onClick={() => drawer.set(true)} className="-ml-1" />
      )}
      {children}
    </header>
  );
}

/** A page of settings or administration: a title, one sentence, and the thing itself at reading width. */
export function Page({
  title,
  over,
  about,
  actions,
  wide = false,
  back,
  children,
}: {
  title: ReactNode;
  over?: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  back?: () => void;
  children: ReactNode;
}) {
  const isNarrow = useIsNarrow();
  return (
    <div className="flex h-full min-w-0 flex-1 flex-col bg-surface">
      {isNarrow && <PaneHeader back={back}>{null}</PaneHeader>}
      <div className="flex-1 overflow-y-auto">
        <div className={`mx-auto px-5 pt-5 pb-20 md:px-8 md:pt-8 ${wide ? "max-w-6xl" : "max-w-3xl"}`}>
          <div className="mb-7 flex flex-wrap items-start justify-between gap-4">
            <div className="min-w-0">
              {over && <div className="mb-1.5 text-xs text-text-3">{over}</div>}
              <h1 className="text-title font-semibold tracking-tight">{title}</h1>
              {about && <p className="mt-1 max-w-[60ch] text-sm text-text-2">{about}</p>}
            </div>
            {actions && <div className="flex gap-2">{actions}</div>}
          </div>
          <div>{children}</div>
        </div>
      </div>
    </div>
  );
}

export function Section({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-t border-line py-6 first:border-t-0 first:pt-0">
      <h2 className="text-base font-semibold">{title}</h2>
      {about && <p className="mt-0.5 max-w-[60ch] text-sm text-text-2">{about}</p>}
      <div className="mt-4 flex flex-col gap-4">{children}</div>
    </section>
  );
}
