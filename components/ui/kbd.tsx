/** A key or a sequence of keys ("g o"), each drawn as a cap. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="inline-flex h-4 min-w-4 items-center justify-center rounded-sm border border-line-strong bg-surface px-1 font-mono text-xs leading-none text-ink-2"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
