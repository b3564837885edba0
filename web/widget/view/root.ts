// The widget's own corner of the page: a shadow root, so that the page's styles and ours never meet.
import css from "./style.css?inline";

export function makeRoot(): { host: HTMLElement; inside: HTMLElement } {
  const host = document.createElement("switchboard-widget");
  const shadow = host.attachShadow({ mode: "open" });
  try {
    // Allowed even where a page forbids inline styles.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = css;
    shadow.append(style);
  }
  const inside = document.createElement("div");
  shadow.append(inside);
  document.body.append(host);
  return { host, inside };
}
