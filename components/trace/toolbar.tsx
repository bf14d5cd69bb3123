"use client";
import { ChevronDown, ChevronUp, Coins, Filter, OctagonAlert, Search } from "lucide-react";
import { type FormEvent, useRef } from "react";
import { useShortcuts } from "@/components/shell/shortcuts";
import { useTrace } from "@/components/trace/trace-context";
import { useFind } from "@/components/trace/use-find";
import { Button, IconButton } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { CATEGORIES } from "@/lib/sessions/event-words";
import { PRIMARY } from "@/lib/sessions/transcript-rows";

/** Search, the next error, the next costly step, and what of the session is shown. */
export function Toolbar() {
  const { state, set } = useTrace();
  const { find, said } = useFind();
  const input = useRef<HTMLInputElement | null>(null);
  useShortcuts([
    { keys: "n", label: "Next error", group: "Session", run: () => find("error", "next") },
    { keys: "N", label: "Previous error", group: "Session", run: () => find("error", "prev") },
    { keys: "e", label: "Next error", group: "Session", run: () => find("error", "next") },
    { keys: "c", label: "Next costly step", group: "Session", run: () => find("costly", "next") },
    {
      keys: "C",
      label: "Previous costly step",
      group: "Session",
      run: () => find("costly", "prev"),
    },
    {
      keys: "/",
      label: "Search in the session",
      group: "Session",
      run: () => input.current?.focus(),
    },
  ]);
  function search(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const q = `${new FormData(event.currentTarget).get("q")}`.trim();
    if (q !== state.q) set({ q }, { replace: true });
    if (q) void find("text", "next", q);
  }
  return (
    <div className="flex flex-wrap items-center gap-1.5 py-1">
      <form onSubmit={search} className="relative flex w-52 items-center">
        <Search size={14} aria-hidden className="absolute left-2 text-ink-3" />
        <Input
          ref={input}
          key={state.q}
          name="q"
          type="search"
          aria-label="Search in the session"
          placeholder="Search"
          defaultValue={state.q}
          className="pl-7"
        />
      </form>
      {state.q ? (
        <>
          <IconButton
            label="Previous match"
            size="sm"
            onClick={() => find("text", "prev", state.q)}
          >
            <ChevronUp size={14} aria-hidden />
          </IconButton>
          <IconButton label="Next match" size="sm" onClick={() => find("text", "next", state.q)}>
            <ChevronDown size={14} aria-hidden />
          </IconButton>
        </>
      ) : null}
      <Button size="sm" title="Next error (n)" onClick={() => find("error", "next")}>
        <OctagonAlert size={12} aria-hidden />
        <span className="max-sm:sr-only">Next error</span>
      </Button>
      <Button size="sm" title="Next costly step (c)" onClick={() => find("costly", "next")}>
        <Coins size={12} aria-hidden />
        <span className="max-sm:sr-only">Next costly step</span>
      </Button>
      <TypeFilter />
      <ThreadChoice />
      <span role="status" className="max-w-80 truncate text-sm text-ink-2" title={said}>
        {said}
      </span>
    </div>
  );
}

function TypeFilter() {
  const { state, set } = useTrace();
  const { categories } = state;
  const words = categories.length === 0 ? "All types" : categories.join(", ");
  return (
    <Menu
      label="Types of events"
      trigger={
        <Button size="sm">
          <Filter size={12} aria-hidden />
          <span className="max-w-40 truncate">{words}</span>
        </Button>
      }
    >
      <MenuLabel>Show only</MenuLabel>
      {CATEGORIES.map((category) => (
        <MenuCheck
          key={category}
          checked={categories.includes(category)}
          onChange={(checked) =>
            set({
              categories: checked
                ? [...categories, category]
                : categories.filter((one) => one !== category),
            })
          }
        >
          {category}
        </MenuCheck>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => set({ categories: [] })} disabled={categories.length === 0}>
        All types
      </MenuItem>
    </Menu>
  );
}

function ThreadChoice() {
  const { data, state, set, nameOf } = useTrace();
  const threads = data.page.threads ?? [];
  if (threads.length < 2) return null;
  const now =
    state.thread === "all" ? "All threads" : nameOf(state.thread === PRIMARY ? null : state.thread);
  const options = [
    { value: "all", label: "All threads" },
    ...threads.map((thread) => ({
      value: thread.id ?? PRIMARY,
      label: thread.id === null ? `${nameOf(null)} (primary list)` : nameOf(thread.id),
    })),
  ];
  return (
    <Menu
      label="Threads"
      trigger={
        <Button size="sm">
          <span className="max-w-40 truncate">{now}</span>
          <ChevronDown size={12} aria-hidden />
        </Button>
      }
    >
      {options.map((option) => (
        <MenuCheck
          key={option.value}
          checked={state.thread === option.value}
          onChange={() => set({ thread: option.value })}
        >
          {option.label}
        </MenuCheck>
      ))}
    </Menu>
  );
}
