import { Bone } from "@/shared/ui/states";

export function RowBones({ n }: { n: number }) {
  return (
    <div role="status" aria-label="Loading conversations">
      {Array.from({ length: n }, (_, index) => (
        <div key={index} className="row-h flex items-center gap-3 pr-3.5 pl-5">
          <Bone className="size-9 shrink-0 rounded-full" />
          <div className="flex-1">
            <Bone className={index % 3 === 0 ? "h-3 w-2/5" : "h-3 w-1/3"} />
            <Bone className={index % 2 === 0 ? "mt-2 h-2.5 w-4/5" : "mt-2 h-2.5 w-3/5"} />
          </div>
        </div>
      ))}
    </div>
  );
}
