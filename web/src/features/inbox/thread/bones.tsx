import { Bone } from "@/shared/ui/states";

const lines = [
  ["left", 46],
  ["left", 30],
  ["right", 52],
  ["left", 38],
  ["right", 34],
  ["right", 58],
] as const;

export function ThreadBones() {
  return (
    <div role="status" aria-label="Loading messages" className="flex h-full flex-col justify-end gap-2.5 px-6 pb-8">
      {lines.map(([side, width], index) => (
        <div key={index} className={side === "right" ? "flex justify-end" : "flex"}>
          <div style={{ width: `${width}%` }}>
            <Bone className="h-10 rounded-[14px]" />
          </div>
        </div>
      ))}
    </div>
  );
}
