import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/components/ui/cx";
import { Tip } from "@/components/ui/tooltip";

type Variant = "default" | "primary" | "ghost" | "danger" | "chosen" | "alarm";
type Size = "sm" | "md";
type Form = Size | "icon-sm" | "icon-md";

const VARIANTS: Record<Variant, string> = {
  default: "border-line-strong bg-surface text-ink hover:bg-hover",
  primary: "border-ink bg-ink text-bg hover:opacity-90",
  ghost: "border-transparent text-ink-2 hover:bg-hover hover:text-ink",
  chosen: "border-accent bg-accent-soft text-ink hover:bg-hover",
  alarm: "border-fail bg-fail-soft text-fail",
  danger: "border-line-strong bg-surface text-fail hover:border-fail hover:bg-fail-soft",
};

const FORMS: Record<Form, string> = {
  sm: "h-6 px-2 text-sm",
  md: "h-8 px-2.5 text-base",
  "icon-sm": "size-6",
  "icon-md": "size-8",
};

/** Classes of a button, for links that look like one. */
export function buttonClass(variant: Variant = "default", form: Form = "md"): string {
  return cx(
    "inline-flex shrink-0 select-none items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap",
    "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:opacity-50",
    FORMS[form],
    VARIANTS[variant],
  );
}

type ButtonProps = ComponentProps<"button"> & { variant?: Variant; size?: Size };

export function Button({ variant, size, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={cx(buttonClass(variant, size), className)} {...rest} />;
}

type IconButtonProps = Omit<ComponentProps<"button">, "children"> & {
  label: string;
  children: ReactNode;
  variant?: Variant;
  size?: Size;
  shortcut?: string;
};

/** A button that shows only an icon; `label` is its name and its tooltip. */
export function IconButton({
  label,
  children,
  variant = "ghost",
  size = "md",
  className,
  type = "button",
  shortcut,
  ...rest
}: IconButtonProps) {
  return (
    <Tip content={label} shortcut={shortcut}>
      <button
        type={type}
        aria-label={label}
        className={cx(buttonClass(variant, `icon-${size}`), className)}
        {...rest}
      >
        {children}
      </button>
    </Tip>
  );
}
