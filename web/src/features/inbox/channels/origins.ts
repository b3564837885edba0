// The sites a chat may be shown on, as somebody writes them down.

export function readOrigins(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[\s,]+/)
        .map(tidy)
        .filter(Boolean),
    ),
  ];
}

/** `https://shop.example/` and `HTTPS://Shop.Example` are one site. */
function tidy(line: string): string {
  return line.trim().toLowerCase().replace(/\/+$/, "");
}

export function wrongOrigins(origins: string[]): string[] {
  return origins.filter((origin) => !/^https?:\/\/(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/.test(origin));
}
