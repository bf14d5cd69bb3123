"use client";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { type ReactNode, useDeferredValue, useState } from "react";
import { OutcomeMark } from "@/components/sessions/outcome-mark";
import { MORE_PAGES, PAGES } from "@/components/shell/pages";
import { useHref, useScope } from "@/components/shell/scope";
import { setTheme, THEMES } from "@/components/shell/theme-menu";
import { Ago } from "@/components/shell/time";
import { useViewer } from "@/components/shell/viewer";
import { Kbd } from "@/components/ui/kbd";
import { allows } from "@/lib/auth/roles";
import { plain } from "@/lib/format";
import { sessionsSearch } from "@/lib/sessions/list-queries";
import { savedViews } from "@/lib/sessions/queries";
import { PRESETS } from "@/lib/time/range";

type PaletteProps = { open: boolean; onOpenChange: (open: boolean) => void; onHelp: () => void };

/** One field for everything: sessions by words or id, pages, views, ranges, themes. */
export function Palette({ open, onOpenChange, onHelp }: PaletteProps) {
  const [text, setText] = useState("");
  const router = useRouter();
  const href = useHref();
  const { setScope } = useScope();
  const { scopes } = useViewer();
  const pages = [...PAGES, ...MORE_PAGES].filter(({ needs }) => allows(scopes, needs));
  const views = useQuery(savedViews("sessions")).data?.data ?? [];
  const then = (act: () => void) => () => {
    onOpenChange(false);
    act();
  };
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label="Search and commands"
      overlayClassName="fixed inset-0 z-40 bg-[color-mix(in_srgb,var(--sunken)_60%,transparent)]"
      contentClassName="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-raised"
      loop
    >
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Find a session, go somewhere, do something"
        className="h-11 w-full border-b bg-transparent px-4 text-md outline-none"
      />
      <Command.List className="max-h-[60vh] overflow-auto p-1">
        <Command.Empty className="px-3 py-4 text-ink-2">Nothing is called that.</Command.Empty>
        <Sessions
          text={allows(scopes, "read") ? text : ""}
          onOpen={(id, connection) =>
            then(() => router.push(href(`/sessions/${encodeURIComponent(id)}`, { connection })))()
          }
        />
        <Group heading="Pages">
          {pages.map((page) => (
            <Item
              key={page.path}
              onSelect={then(() => router.push(href(page.path)))}
              keys={page.keys}
            >
              Go to {page.label}
            </Item>
          ))}
        </Group>
        {views.length > 0 ? (
          <Group heading="Saved views">
            {views.map((view) => (
              <Item
                key={view.id}
                value={`view ${view.name} ${view.id}`}
                onSelect={then(() => router.push(`/sessions?${view.query}`))}
              >
                {view.name}
              </Item>
            ))}
          </Group>
        ) : null}
        <Group heading="Range">
          {PRESETS.map((preset) => (
            <Item
              key={preset.id}
              onSelect={then(() => setScope({ range: { kind: "preset", preset: preset.id } }))}
            >
              {preset.label}
            </Item>
          ))}
        </Group>
        <Group heading="Display">
          {THEMES.map((theme) => (
            <Item key={theme} onSelect={then(() => setTheme(theme))}>
              Theme: {theme === "system" ? "as the system" : theme}
            </Item>
          ))}
          <Item onSelect={then(onHelp)} keys="?">
            Keyboard shortcuts
          </Item>
        </Group>
      </Command.List>
    </Command.Dialog>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-sm **:[[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

type ItemProps = { onSelect: () => void; children: ReactNode; keys?: string; value?: string };

function Item({ onSelect, children, keys, value }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 data-[selected=true]:bg-hover"
    >
      <span className="flex min-w-0 flex-1 items-center gap-2">{children}</span>
      {keys ? <Kbd keys={keys} /> : null}
    </Command.Item>
  );
}

function Sessions({
  text,
  onOpen,
}: {
  text: string;
  onOpen: (id: string, connection: string | null) => void;
}) {
  const wanted = useDeferredValue(text.trim());
  const found = useQuery(sessionsSearch(wanted)).data?.data ?? [];
  if (found.length === 0) return null;
  return (
    <Group heading="Sessions">
      {found.map((session) => (
        <Item
          key={`${session.id} ${session.connection_id}`}
          value={`${wanted} ${session.id} ${session.connection_id ?? ""}`}
          onSelect={() => onOpen(session.id, session.connection_id)}
        >
          <OutcomeMark outcome={session.outcome} compact />
          <span className="truncate">{plain(session.title ?? session.id)}</span>
          <Ago at={session.started_at} className="ml-auto shrink-0 text-sm text-ink-3" />
        </Item>
      ))}
    </Group>
  );
}
