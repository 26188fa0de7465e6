/** The mark: an A whose crossbar is the point under examination. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} aria-hidden="true">
      <path
        d="M12 3.5 20 21h-3.1l-1.8-4.2H8.9L7.1 21H4Z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinejoin="round"
      />
      <circle cx="12" cy="12.6" r="1.9" className="fill-accent" />
    </svg>
  );
}
