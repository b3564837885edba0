import { Link } from "@tanstack/react-router";
import { Mark } from "@/shared/ui/brand";
import { Empty } from "@/shared/ui/states";
import { cx } from "@/shared/ui/cx";

export function NotFound() {
  return (
    <div className="h-full min-h-80 flex-1 bg-surface">
      <Empty
        picture={<Mark size={40} />}
        title="There is nothing at this address"
        action={
          <Link
            to="/"
            className={cx(
              "inline-flex h-8 items-center rounded-md bg-accent px-3 text-sm",
              "font-medium text-on-accent hover:bg-accent-hover",
            )}
          >
            Go to the inbox
          </Link>
        }
      >
        The page may have moved, or the link may be incomplete.
      </Empty>
    </div>
  );
}
