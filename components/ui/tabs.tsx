"use client";
import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";

export type TabItem = { id: string; label: string; count?: string; shortcut?: string };
type TabsProps = {
  label: string;
  items: readonly TabItem[];
  value: string;
  onChange: (id: string) => void;
  /** Beside the tabs, at the right. */
  actions?: ReactNode;
  /** The panel of the chosen tab. */
  children: ReactNode;
  className?: string;
};

/** Where the tabs are wider than the window, the chosen one is moved to, and the page is not. */
function bringInSight(trigger: HTMLElement | null): void {
  const list = trigger?.parentElement;
  if (!trigger || !list) return;
  const [inner, outer] = [trigger, list].map((element) => element.getBoundingClientRect());
  if (!inner || !outer) return;
  list.scrollLeft += Math.min(0, inner.left - outer.left) + Math.max(0, inner.right - outer.right);
}

export function Tabs({ label, items, value, onChange, actions, children, className }: TabsProps) {
  return (
    <Primitive.Root value={value} onValueChange={onChange} className={className}>
      <div className="flex items-center gap-2 border-b">
        <Primitive.List aria-label={label} className="flex min-w-0 flex-1 overflow-x-auto">
          {items.map((item) => (
            <Primitive.Trigger
              key={item.id}
              ref={item.id === value ? bringInSight : undefined}
              value={item.id}
              className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-transparent border-b-2 px-3 text-base text-ink-2 -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
            >
              {item.label}
              {item.count ? <span className="text-sm text-ink-3">{item.count}</span> : null}
            </Primitive.Trigger>
          ))}
        </Primitive.List>
        {actions}
      </div>
      <Primitive.Content value={value} className="outline-offset-2">
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}
