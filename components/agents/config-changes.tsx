import { HiddenContent } from "@/components/shell/hidden";
import { useMay } from "@/components/shell/viewer";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { AREAS, type Area } from "@/lib/agents/names";
import type { ConfigChange, DiffLine } from "@/lib/agents/schema";
import { formatPlural, plain } from "@/lib/format";

const AREA_WORDS: Record<Area, string> = {
  model: "Model",
  system: "Prompt",
  tools: "Tools",
  mcp_servers: "MCP servers",
  skills: "Skills",
  other: "Other",
};

/** What differs in what two versions are set up with, area by area. */
export default function ConfigChanges({ changes }: { changes: readonly ConfigChange[] | null }) {
  const mayRead = useMay("read");
  if (changes === null && !mayRead) return <HiddenContent what="What they are set up with" />;
  if (changes === null)
    return (
      <Empty title="The configuration of one of them is not known">
        No session ran it, and its listing tells the newest version's alone.
      </Empty>
    );
  if (changes.length === 0)
    return (
      <Empty title="Both are set up alike">What differs in the figures has another cause.</Empty>
    );
  const areas = AREAS.filter((area) => changes.some((change) => change.area === area));
  return (
    <dl className="flex flex-col">
      {areas.map((area) => (
        <div key={area} className="border-b px-3 py-2 last:border-b-0">
          <dt className="text-sm text-ink-3">{AREA_WORDS[area]}</dt>
          {changes
            .filter((change) => change.area === area)
            .map((change) => (
              <dd key={change.what} className="min-w-0 wrap-anywhere">
                {change.lines ? (
                  <Lines lines={change.lines} />
                ) : (
                  <Change change={change} area={area} />
                )}
              </dd>
            ))}
        </div>
      ))}
    </dl>
  );
}

const SIGNS = {
  added: { sign: "+", word: "added", look: "text-ok" },
  removed: { sign: "−", word: "removed", look: "text-fail" },
  changed: { sign: "~", word: "changed", look: "text-wait" },
} as const;

function Change({
  change: { what, change, from, to },
  area,
}: {
  change: ConfigChange;
  area: Area;
}) {
  const { sign, word, look } = SIGNS[change];
  const isPlain = area === "model" && change === "changed";
  return (
    <span className="flex gap-1.5">
      <span aria-hidden className={cx("w-3 shrink-0 text-center font-mono", look)}>
        {sign}
      </span>
      <span className="min-w-0">
        <span className="sr-only">{word}: </span>
        <span className={isPlain ? "text-ink-2" : undefined}>{plain(what)}</span>{" "}
        {from === null ? null : <span className="text-ink-3 line-through">{plain(from)}</span>}
        {from !== null && to !== null ? <span className="text-ink-3"> → </span> : null}
        {to === null ? null : (
          <span className={from === null ? "text-ink-3" : undefined}>{plain(to)}</span>
        )}
      </span>
    </span>
  );
}

const LINE = { same: " ", added: "+", removed: "−" } as const;
const LINE_LOOK = {
  same: "text-ink-2",
  added: "bg-ok-soft text-ink",
  removed: "bg-fail-soft text-ink",
} as const;

function Lines({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <div
      {...SCROLLABLE}
      className="mt-1 max-h-96 overflow-auto rounded-md border bg-sunken py-1 font-mono text-sm leading-5"
    >
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name but their place
        <Line key={at} line={line} />
      ))}
    </div>
  );
}

function Line({ line }: { line: DiffLine }) {
  if (line.kind === "skipped")
    return <p className="px-2 text-ink-3">… {formatPlural(line.lines, "line")} unchanged</p>;
  const spoken = line.kind === "same" ? "" : `${line.kind}: `;
  return (
    <p className={cx("flex px-2", LINE_LOOK[line.kind])}>
      <span aria-hidden className="w-4 shrink-0 select-none">
        {LINE[line.kind]}
      </span>
      <span className="sr-only">{spoken}</span>
      <span className="min-w-0 flex-1 wrap-anywhere whitespace-pre-wrap">{line.text || " "}</span>
    </p>
  );
}
