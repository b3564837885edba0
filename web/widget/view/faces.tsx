/** @jsxImportSource preact */
import { hueOf, initials } from "@/shared/ui/initials";

export function Face({ name }: { name: string }) {
  return (
    <span class="face" style={`--hue:${hueOf(name)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

export function Faces({ team }: { team: { name: string }[] }) {
  return (
    <span class="faces" aria-hidden="true">
      {team.slice(0, 3).map(({ name }) => (
        <Face key={name} name={name} />
      ))}
    </span>
  );
}
