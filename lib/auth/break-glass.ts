/** For how long content may be opened at a time. */
export const BREAK_GLASS_MINUTES = [15, 60, 240] as const;

/** How an entry of the audit log names the break-glass it was made under. */
export const becauseOf = ({ id, reason }: { id: string; reason: string }): string =>
  `break-glass ${id}: ${reason}`;
