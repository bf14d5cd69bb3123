"use client";
import { Sparkline } from "@/components/charts/sparkline";
import { GroupDetail } from "@/components/failures/group-detail";
import { GroupMark } from "@/components/failures/group-mark";
import { kindOf, MARK_RULE, placeOf, titleOf } from "@/components/failures/group-words";
import { FEW_GROUPS, groupOf } from "@/components/failures/questions";
import type { Failures } from "@/components/failures/use-failures";
import { Panel, QueryState } from "@/components/shell/panel";
import { Ago } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import type { ErrorGroupItem, ErrorGroups } from "@/lib/failures/schema";
import { formatCount, formatPlural, plain } from "@/lib/format";

type GroupsProps = Pick<Failures, "groups" | "asked" | "params" | "set" | "nameOf">;

/** Errors by what they say, and beside them the one that is open. */
export function GroupsPanel(props: GroupsProps) {
  const { groups, params, set } = props;
  const open = groupOf(params);
  return (
    <div
      className={cx(
        "grid items-start gap-3",
        open !== null && "lg:grid-cols-[minmax(0,1fr)_27rem]",
      )}
    >
      <Panel
        title="Error groups"
        hint={groups.data ? hintOf(groups.data) : undefined}
        className={cx(open !== null && "max-lg:hidden")}
        flush
      >
        <QueryState query={groups} what="Error groups" height="min-h-60">
          {(answer) =>
            answer.data.length === 0 ? (
              <div className="flex min-h-40 items-center justify-center">
                <Empty title="No error and no failed call in this range." />
              </div>
            ) : (
              <>
                <GroupList answer={answer} open={open} onOpen={(group) => set({ group })} />
                <p className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t px-3 py-2 text-sm text-ink-3">
                  <span className="min-w-56 flex-1">
                    Errors are one group where only ids, numbers, paths, times and quoted values
                    differ. {MARK_RULE}
                  </span>
                  {answer.data.length < answer.groups && answer.data.length <= FEW_GROUPS ? (
                    <Button size="sm" onClick={() => set({ groups: "all" })}>
                      Show more
                    </Button>
                  ) : null}
                </p>
              </>
            )
          }
        </QueryState>
      </Panel>
      {open === null ? null : (
        <div ref={bringIntoView} className="min-w-0 scroll-mt-14 lg:sticky lg:top-14">
          <GroupDetail key={open} group={open} {...props} onClose={() => set({ group: null })} />
        </div>
      )}
    </div>
  );
}

/** A narrow window shows it in the place of a list that was longer. */
const bringIntoView = (box: HTMLElement | null) => box?.scrollIntoView({ block: "nearest" });

function hintOf({ data, groups }: ErrorGroups): string {
  const some = data.length < groups ? `${data.length} of ${formatCount(groups)}` : null;
  const marked = (state: ErrorGroupItem["state"]) =>
    data.filter((group) => group.state === state).length;
  return [
    some ? `${some} groups, the most frequent first` : formatPlural(groups, "group"),
    ...(marked("new") > 0 ? [`${marked("new")} new`] : []),
    ...(marked("regressed") > 0 ? [`${marked("regressed")} regressed`] : []),
  ].join(", ");
}

type ListProps = { answer: ErrorGroups; open: string | null; onOpen: (key: string) => void };

const CELL = "border-b px-3 py-2 align-top";
const FIGURE = `${CELL} text-right whitespace-nowrap`;

function GroupList({ answer, open, onOpen }: ListProps) {
  const wide = open === null ? "max-md:hidden" : "hidden";
  const isOpen = ({ key }: ErrorGroupItem) => key !== null && key === open;
  return (
    <table className="w-full border-t">
      <caption className="sr-only">Error groups</caption>
      <thead>
        <tr className="text-sm text-ink-3">
          <th scope="col" className={cx(CELL, "text-left font-normal")}>
            Error
          </th>
          <th scope="col" className={cx(CELL, "text-left font-normal max-sm:hidden")}>
            Trend
          </th>
          <th scope="col" className={cx(FIGURE, "font-normal")}>
            Count
          </th>
          <th scope="col" className={cx(FIGURE, "font-normal max-sm:hidden")}>
            Sessions
          </th>
          <th scope="col" className={cx(FIGURE, wide, "font-normal")}>
            First seen
          </th>
          <th scope="col" className={cx(FIGURE, wide, "font-normal")}>
            Last seen
          </th>
        </tr>
      </thead>
      <tbody>
        {answer.data.map((group, at) => (
          <tr
            key={group.key ?? at}
            className={cx(
              "relative hover:bg-hover",
              isOpen(group) && "bg-selected hover:bg-selected",
            )}
          >
            <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
              <Title group={group} isOpen={isOpen(group)} onOpen={onOpen} />
              <span className="flex flex-wrap items-center gap-x-2 text-sm text-ink-3">
                <GroupMark group={group} />
                <span className="min-w-0 break-all">
                  {kindOf(group)}, {plain(placeOf(group))}
                </span>
              </span>
            </th>
            <td className={cx(CELL, "max-sm:hidden")}>
              <span className="block w-24">
                <Sparkline values={group.points} label="Course over the range" className="h-6" />
              </span>
            </td>
            <td className={FIGURE}>{formatCount(group.count)}</td>
            <td className={cx(FIGURE, "max-sm:hidden")}>{formatCount(group.sessions)}</td>
            <td className={cx(FIGURE, wide, "text-ink-2")}>
              <Ago at={group.first_seen} />
            </td>
            <td className={cx(FIGURE, wide, "text-ink-2")}>
              <Ago at={group.last_seen} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type TitleProps = { group: ErrorGroupItem; isOpen: boolean; onOpen: (key: string) => void };

/** What it says; where that is hidden there is nothing to open either. */
function Title({ group, isOpen, onOpen }: TitleProps) {
  const { key } = group;
  if (key === null) return <span className="text-ink-2">{titleOf(group)}</span>;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={() => onOpen(key)}
      className="line-clamp-2 text-left font-mono text-sm wrap-anywhere after:absolute after:inset-0"
    >
      {plain(titleOf(group))}
    </button>
  );
}
