"use client";
import { useShortcutList, useShortcutsOff } from "@/components/shell/shortcuts";
import { Dialog } from "@/components/ui/dialog";
import { Checkbox } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";

const shown = (keys: string) =>
  keys
    .replace("mod+", navigator.platform.startsWith("Mac") ? "⌘ " : "Ctrl ")
    .replace("escape", "esc");

/** Every shortcut that works on this page, and the switch that turns single keys off. */
export function HelpDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const list = useShortcutList();
  const [off, setOff] = useShortcutsOff();
  const groups = Map.groupBy(list, (shortcut) => shortcut.group);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="flex flex-col gap-4">
        {[...groups].map(([group, shortcuts]) => (
          <section key={group} aria-label={group}>
            <h3 className="mb-1 text-sm text-ink-3">{group}</h3>
            <dl className="flex flex-col">
              {shortcuts.map((shortcut) => (
                <div
                  key={shortcut.keys}
                  className="flex min-h-7 items-center justify-between border-b last:border-b-0"
                >
                  <dt>{shortcut.label}</dt>
                  <dd>
                    <Kbd keys={shown(shortcut.keys)} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Checkbox
          label="Single-key shortcuts"
          checked={!off}
          onChange={(event) => setOff(!event.target.checked)}
        />
      </div>
    </Dialog>
  );
}
