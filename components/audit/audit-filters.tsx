"use client";
import { X } from "lucide-react";
import { useCallback, useRef } from "react";
import { AUDIT_FILTERS, type AuditFilterName } from "@/components/audit/audit-filter";
import { ACTION_CHOICES, ACTOR_WORDS, actionWords } from "@/components/audit/words";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { SearchBox } from "@/components/ui/search-box";

type FiltersProps = {
  params: URLSearchParams;
  set: (name: AuditFilterName, value: string | null) => void;
  clear: () => void;
  /** What ids in the filter are called, as far as rows tell it. */
  nameOf: (id: string) => string;
};

export function AuditFilters({ params, set, clear, nameOf }: FiltersProps) {
  const input = useRef<HTMLInputElement>(null);
  const search = useCallback((text: string) => set("q", text || null), [set]);
  const [actor, target] = [params.get("actor") ?? "", params.get("target") ?? ""];
  const isKind = actor === "" || actor in ACTOR_WORDS;
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchBox
        label="Search the audit log"
        placeholder="Name, address, reason"
        value={params.get("q") ?? ""}
        onChange={search}
        inputRef={input}
      />
      <Select
        quiet
        aria-label="Action"
        className="max-w-full"
        value={params.get("action") ?? ""}
        onChange={(event) => set("action", event.target.value || null)}
      >
        <option value="">Every action</option>
        {ACTION_CHOICES.map(({ kind, words, actions }) => (
          <optgroup key={kind} label={words}>
            {actions.length > 1 ? <option value={kind}>{words}: everything</option> : null}
            {actions.map((action) => (
              <option key={action} value={action}>
                {actionWords(action)}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      <Select
        quiet
        aria-label="Who"
        value={isKind ? actor : ""}
        onChange={(event) => set("actor", event.target.value || null)}
      >
        <option value="">Everybody</option>
        <option value="person">People</option>
        <option value="browser">Browsers with a key</option>
        <option value="key">API keys</option>
        <option value="rule">Rules</option>
        <option value="system">Watchkeeper itself</option>
      </Select>
      {isKind ? null : <Chip words={`by ${nameOf(actor)}`} onRemove={() => set("actor", null)} />}
      {target === "" ? null : (
        <Chip words={`about ${nameOf(target)}`} onRemove={() => set("target", null)} />
      )}
      {AUDIT_FILTERS.some((name) => params.get(name)) ? (
        <Button variant="ghost" onClick={clear}>
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}

function Chip({ words, onRemove }: { words: string; onRemove: () => void }) {
  return (
    <Button variant="chosen" onClick={onRemove} className="max-w-full min-w-0">
      <span className="truncate">{words}</span>
      <X size={14} aria-label="Remove" className="shrink-0" />
    </Button>
  );
}
