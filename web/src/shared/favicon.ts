// Tells in the tab, by number and by a dot on the icon, how much is unread.

const plain = "/favicon.svg";
const dotted = `data:image/svg+xml,${encodeURIComponent(
  [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#5a4fcf"/>',
    '<path d="M9.5 11.5c0 6 13 3 13 9" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>',
    '<circle cx="9.5" cy="10.5" r="3" fill="#fff"/><circle cx="22.5" cy="21.5" r="3" fill="#fff"/>',
    '<circle cx="25" cy="7" r="7" fill="#e5484d" stroke="#fff" stroke-width="2"/></svg>',
  ].join(""),
)}`;

export function showUnread(n_unread: number, page: string): void {
  const number = n_unread > 0 ? `(${n_unread > 99 ? "99+" : n_unread}) ` : "";
  document.title = `${number}${page ? `${page} · ` : ""}Switchboard`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = n_unread > 0 ? dotted : plain;
  if (icon && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
}
