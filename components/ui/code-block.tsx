import { CopyButton } from "@/components/ui/copy-button";
import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";

type CodeBlockProps = {
  text: string;
  label: string;
  /** What is copied, where it differs from what is shown. */
  copyText?: string;
  className?: string;
};

/** Text in mono, scrolling inside its own box, with a copy button. Never interprets what it shows. */
export function CodeBlock({ text, label, copyText, className }: CodeBlockProps) {
  return (
    <section aria-label={label} className="relative min-w-0">
      <pre
        {...SCROLLABLE}
        className={cx(
          "overflow-auto rounded-md border bg-sunken p-3 pr-10 font-mono text-sm leading-5 text-ink",
          className,
        )}
      >
        {text}
      </pre>
      <CopyButton
        text={copyText ?? text}
        label={`Copy ${label}`}
        className="absolute top-1.5 right-1.5 bg-sunken"
      />
    </section>
  );
}
