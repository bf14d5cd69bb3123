import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/components/ui/cx";
import { Tip } from "@/components/ui/tooltip";

type Variant = "default" | "primary" | "ghost" | "danger";
type Size = "sm" | "md";

const VARIANTS: Record<Variant, string> = {
  default: "border-line-strong bg-surface text-ink hover:bg-hover",
  primary: "border-ink bg-ink text-bg hover:opacity-90",
  ghost: "border-transparent text-ink-2 hover:bg-hover hover:text-ink",
  danger: "border-line-strong bg-surface text-fail hover:border-fail hover:bg-fail-soft",
};

/** Classes of a button, for links that look like one. */
export function buttonClass(variant: Variant = "default", size: Size = "md"): string {
  return cx(
    "inline-flex shrink-0 select-none items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap",
    "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:opacity-50",
    size === "sm" ? "h-6 px-2 text-sm" : "h-8 px-3 text-base",
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
  const square = size === "sm" ? "h-6 w-6" : "h-8 w-8";
  return (
    <Tip content={label} shortcut={shortcut}>
      <button
        type={type}
        aria-label={label}
        className={cx(buttonClass(variant, size), square, "px-0", className)}
        {...rest}
      >
        {children}
      </button>
    </Tip>
  );
}
