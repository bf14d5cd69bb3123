"use client";
import { useQuery } from "@tanstack/react-query";
import { ApplyPanel } from "@/components/masking/apply-panel";
import { BuiltinList, MaskedCount } from "@/components/masking/builtin-list";
import { ModeField } from "@/components/masking/mode-field";
import { OwnRules } from "@/components/masking/own-rules";
import { changeOf, type Draft, draftOf, isChanged } from "@/components/masking/rule-draft";
import { Tester } from "@/components/masking/tester";
import { Panel, QueryState } from "@/components/shell/panel";
import { SaveBar } from "@/components/shell/save-bar";
import { Ago } from "@/components/shell/time";
import { useRevised } from "@/components/shell/use-revised";
import { Needs } from "@/components/shell/viewer";
import { formatPlural } from "@/lib/format";
import { changeMasking, maskingRules } from "@/lib/masking/queries";
import type { MaskingAnswer } from "@/lib/masking/schema";

/** What is replaced before anything is stored, and a place to try it. */
export function MaskingView() {
  const query = useQuery(maskingRules());
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">
          Masking{" "}
          <span className="text-base font-normal text-ink-3 max-sm:hidden">
            what is replaced before anything is stored
          </span>
        </h1>
      </header>
      <p className="max-w-3xl text-ink-2">
        Rules hold for everything that comes in from now on, from whatever source, before it is
        stored, searched or logged; below they can be applied to what is stored already. Ids, types,
        times, usage and the names of tools are never touched, so that no figure depends on them.
      </p>
      <QueryState query={query} what="The rules" height="min-h-96">
        {(answer) => <MaskingForm answer={answer} />}
      </QueryState>
    </div>
  );
}

function MaskingForm({ answer }: { answer: MaskingAnswer }) {
  const { base, draft, change, issues, submit, state } = useRevised({
    ...{ answer, query: maskingRules(), draftOf, isChanged },
    save: (draft: Draft, base: MaskingAnswer) => changeMasking(changeOf(draft, base)),
  });
  return (
    <div className="flex flex-col gap-3">
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Panel title="Pushed data" hint="connections have this in their own settings">
          <ModeField
            label="What is kept of the content that is pushed, imported or simulated"
            value={draft.pushed_mode}
            onChange={(pushed_mode) => change({ pushed_mode })}
          />
          <p className="mt-2 text-sm text-ink-3">
            Values that were not kept: <MaskedCount answer={answer} rule="metadata_only" />
          </p>
        </Panel>
        <Panel title="Built-in rules" hint="values masked in new items">
          <BuiltinList
            answer={answer}
            on={draft.on}
            onChange={(name, on) => change({ on: { ...draft.on, [name]: on } })}
          />
        </Panel>
        <Panel title="Own rules">
          <OwnRules
            {...{ answer, issues }}
            rules={draft.rules}
            onChange={(rules) => change({ rules })}
          />
          <HiddenWhole answer={answer} />
          <WithheldResults withheld={answer.withheld} />
        </Panel>
        <div className="flex flex-wrap items-center gap-3">
          <SaveBar state={state} saved="Saved: holds from now on." />
        </div>
      </form>
      <ApplyPanel revision={answer.revision} isDraft={isChanged(draft, base)} />
      <Needs scope="admin">
        <Panel title="Try it" hint="with the rules above, saved or not">
          <Tester change={changeOf(draft, base)} />
        </Panel>
      </Needs>
    </div>
  );
}

/** Nothing while there are none, which is so unless a pattern makes much work. */
function HiddenWhole({ answer }: { answer: MaskingAnswer }) {
  if (!answer.masked.some(({ rule }) => rule === "work_limit")) return null;
  return (
    <p className="mt-3 text-sm text-ink-3">
      Texts that patterns had to look through for too long, and that are hidden whole:{" "}
      <MaskedCount answer={answer} rule="work_limit" />
    </p>
  );
}

/** Nothing while none waits, which is mostly so. */
function WithheldResults({ withheld }: Pick<MaskingAnswer, "withheld">) {
  const { results, oldest_at } = withheld;
  if (results === 0) return null;
  return (
    <p className="mt-3 text-sm text-ink-3">
      <span className="tabular-nums text-ink">
        {formatPlural(results, "result waits for its call", "results wait for their calls")}
      </span>
      , the first came <Ago at={oldest_at} />. What is said is kept sealed, for a week at most,
      until the call tells which rules are about it.
    </p>
  );
}
