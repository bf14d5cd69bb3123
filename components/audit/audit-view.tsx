"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useCallback } from "react";
import { AUDIT_FILTERS, type AuditFilterName, filterParams } from "@/components/audit/audit-filter";
import { AuditFilters } from "@/components/audit/audit-filters";
import { AuditRow } from "@/components/audit/audit-row";
import { MoreButton } from "@/components/shell/more-button";
import { Panel, QueryState } from "@/components/shell/panel";
import { useScope, useUrlState } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { auditFile, auditList } from "@/lib/audit/queries";
import type { AuditItem } from "@/lib/audit/schema";

const NONE = Object.fromEntries([...AUDIT_FILTERS, "entry"].map((name) => [name, null]));

/** Who did what, when and from where, newest first. */
export function AuditView() {
  const { params, set } = useUrlState();
  const { scope, setScope } = useScope();
  const filter = filterParams(params);
  const query = useInfiniteQuery(auditList(filter, scope.range));
  const entries = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const isAllTime = scope.range.kind === "preset" && scope.range.preset === "all";
  const setFilter = useCallback(
    (name: AuditFilterName, value: string | null) =>
      set({ [name]: value, entry: null }, { replace: name === "q" }),
    [set],
  );
  const clear = () => set(NONE);
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">
          Audit{" "}
          <span className="text-base font-normal text-ink-3 max-sm:hidden">
            who did what, when and from where
          </span>
        </h1>
        <Menu
          label="Export"
          align="end"
          trigger={
            <Button size="sm">
              <Download size={14} aria-hidden />
              Export
            </Button>
          }
        >
          {(["csv", "ndjson"] as const).map((format) => (
            <MenuItem
              key={format}
              onSelect={() => window.location.assign(auditFile(format, filter, scope.range))}
            >
              All that match, as {format === "csv" ? "CSV" : "NDJSON"}
            </MenuItem>
          ))}
        </Menu>
      </header>
      <AuditFilters
        params={params}
        set={setFilter}
        clear={clear}
        nameOf={(id) => nameIn(entries, id)}
      />
      <Panel flush>
        <QueryState
          query={query}
          what="The audit log"
          height="min-h-60"
          empty={{
            when: () => entries.length === 0,
            title: filter === "" ? "Nothing was recorded in this range." : "No entry is like that.",
            children:
              "Sign-ins, changes, exports, views of what sessions said: all of it stands here, and nothing changes it.",
            action: (
              <>
                {filter === "" ? null : <Button onClick={clear}>Clear filters</Button>}
                {isAllTime ? null : (
                  <Button onClick={() => setScope({ range: { kind: "preset", preset: "all" } })}>
                    Show all time
                  </Button>
                )}
              </>
            ),
          }}
        >
          {() => (
            <>
              <ol aria-label="Entries">
                {entries.map((entry) => (
                  <AuditRow
                    key={entry.id}
                    entry={entry}
                    open={params.get("entry") === entry.id}
                    onToggle={() =>
                      set(
                        { entry: params.get("entry") === entry.id ? null : entry.id },
                        { replace: true },
                      )
                    }
                    onFilter={setFilter}
                  />
                ))}
              </ol>
              <MoreButton pages={query} />
            </>
          )}
        </QueryState>
      </Panel>
    </div>
  );
}

/** What an id is called, where one of these entries says so. */
function nameIn(entries: readonly AuditItem[], id: string): string {
  const [entry] = entries.filter(({ actor, target }) => actor.id === id || target.id === id);
  if (!entry) return id;
  return (entry.actor.id === id ? entry.actor.label : entry.target.label) ?? id;
}
