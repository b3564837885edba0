/** The mark: two jacks and the cord between them. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg aria-hidden viewBox="0 0 32 32" width={size} height={size} className="shrink-0">
      <rect width="32" height="32" rx="8.5" fill="var(--accent)" />
      <path d="M9.5 11.5c0 6 13 3 13 9" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="9.5" cy="10.5" r="3" fill="#fff" />
      <circle cx="22.5" cy="21.5" r="3" fill="#fff" />
    </svg>
  );
}
