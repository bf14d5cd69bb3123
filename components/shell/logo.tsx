/** A lamp on watch: ring, light, and the gap the light looks through. */
export function Logo({ size = 18 }: { size?: number }) {
  return (
    <svg aria-hidden viewBox="0 0 18 18" width={size} height={size} className="shrink-0">
      <path
        d="M12.6 3.1a7 7 0 1 0 3 4.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
      <circle cx="9" cy="9" r="3" fill="var(--accent)" />
    </svg>
  );
}
