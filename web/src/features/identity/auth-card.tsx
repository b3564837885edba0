import type { ReactNode } from "react";
import { Mark } from "@/shared/ui/brand";

/** The quiet page on which people come in. */
export function AuthCard({
  title,
  about,
  children,
  footer,
}: {
  title: string;
  about?: ReactNode;
  children: ReactNode;
  footer: ReactNode;
}) {
  return (
    <main className="flex min-h-full flex-col items-center justify-center px-5 py-12">
      <div className="w-full max-w-[360px]">
        <div className="mb-7 flex items-center gap-2.5">
          <Mark size={28} />
          <span className="text-lg font-semibold tracking-tight">Switchboard</span>
        </div>
        <h1 className="text-title font-semibold tracking-tight">{title}</h1>
        {about && <p className="mt-1 text-sm text-text-2">{about}</p>}
        <div className="mt-6">{children}</div>
        <p className="mt-6 text-sm text-text-2">{footer}</p>
      </div>
    </main>
  );
}

export function FormProblem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-md bg-red-soft px-3 py-2 text-sm text-red">
      {children}
    </p>
  );
}
