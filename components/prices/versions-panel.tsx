"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { RestoreButton } from "@/components/prices/restore-button";
import { changeWords } from "@/components/prices/words";
import { MoreButton } from "@/components/shell/more-button";
import { Panel, QueryState } from "@/components/shell/panel";
import { useUrlState } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import { priceVersion, priceVersions } from "@/lib/costs/prices-queries";
import type { Prices, TermsChange, VersionItem } from "@/lib/costs/prices-schema";

type VersionsPanelProps = { current: number; onRestored: (prices: Prices) => void };

/** Who changed what and when; nothing is ever lost, and each can be made to hold again. */
export function VersionsPanel({ current, onRestored }: VersionsPanelProps) {
  const query = useInfiniteQuery(priceVersions());
  const { params, set } = useUrlState();
  const open = params.get("version");
  return (
    <Panel title="Versions" hint="of the own terms, kept for ever" flush>
      <QueryState
        query={query}
        what="The versions"
        height="min-h-20"
        empty={{
          when: ({ pages }) => pages[0]?.data.length === 0,
          title: "No own terms were saved yet",
        }}
      >
        {({ pages }) => (
          <ul className="border-t">
            {pages
              .flatMap(({ data }) => data)
              .map((version) => (
                <Version
                  key={version.number}
                  version={version}
                  current={current}
                  onRestored={onRestored}
                  isOpen={open === `${version.number}`}
                  onToggle={(isOpen) =>
                    set({ version: isOpen ? `${version.number}` : null }, { replace: true })
                  }
                />
              ))}
          </ul>
        )}
      </QueryState>
      <MoreButton pages={query} />
    </Panel>
  );
}

type VersionProps = VersionsPanelProps & {
  version: VersionItem;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
};

function Version({ version, isOpen, onToggle, ...rest }: VersionProps) {
  const { number, author, note, created_at } = version;
  const panel = `price-version-${number}`;
  return (
    <li className="border-b last:border-b-0">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={panel}
        onClick={() => onToggle(!isOpen)}
        className="flex min-h-9 w-full flex-wrap items-center gap-x-3 px-3 py-1 text-left -outline-offset-2 hover:bg-hover"
      >
        <ChevronRight
          size={14}
          aria-hidden
          className={cx("shrink-0 text-ink-3", isOpen && "rotate-90")}
        />
        <span className="font-medium">Version {number}</span>
        <span className="min-w-0 flex-1 wrap-anywhere text-ink-2 max-sm:order-last max-sm:basis-full max-sm:pl-6.5">
          {note}
        </span>
        <span className="text-ink-3">
          {author === "browser" ? "in the browser" : author}, <Ago at={created_at} />
        </span>
      </button>
      {isOpen ? (
        <div id={panel} className="border-t bg-bg px-3 py-2 pl-10">
          <Changes number={number} />
          {number === rest.current ? (
            <p className="pt-1 text-sm text-ink-3">This version holds now.</p>
          ) : (
            <div className="pt-2">
              <RestoreButton number={number} {...rest} />
            </div>
          )}
        </div>
      ) : null}
    </li>
  );
}

function Changes({ number }: { number: number }) {
  const query = useQuery(priceVersion(number));
  return (
    <QueryState query={query} what="The version" height="min-h-12">
      {({ changes, against }) => (
        <>
          <p className="text-sm text-ink-3">
            {against === 0 ? "beside the list alone" : `against version ${against}`}
          </p>
          <ul>
            {changes.map((change) => (
              <Line key={changeWords(change).subject} change={change} />
            ))}
          </ul>
        </>
      )}
    </QueryState>
  );
}

function Line({ change }: { change: TermsChange }) {
  const { subject, before, after } = changeWords(change);
  const mark = before === null ? "new" : after === null ? "gone" : "changed";
  return (
    <li className="flex flex-wrap gap-x-3 py-1 max-sm:flex-col">
      <span className="w-16 text-ink-3">{mark}</span>
      <span className="min-w-48 font-medium wrap-anywhere">{subject}</span>
      <span className="min-w-0 wrap-anywhere">
        {before === null ? null : (
          <>
            <span className="sr-only">before </span>
            <del className="text-ink-3">{before}</del>{" "}
          </>
        )}
        {after === null ? null : (
          <>
            <span className="sr-only">now </span>
            {after}
          </>
        )}
      </span>
    </li>
  );
}
