"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useState } from "react";
import { type BacktestDays, BacktestPanel } from "@/components/alerts/backtest-panel";
import { draftFrom, linkOf } from "@/components/alerts/draft-link";
import { issueWords } from "@/components/alerts/issue-words";
import { PreviewPanel } from "@/components/alerts/preview-panel";
import { readDraft } from "@/components/alerts/rule-body";
import { type Draft, draftOf } from "@/components/alerts/rule-draft";
import { issueAt, type RuleForm } from "@/components/alerts/rule-form";
import { MessageFields, TimingFields } from "@/components/alerts/rule-more";
import { Sentence } from "@/components/alerts/sentence";
import { ThresholdSlider } from "@/components/alerts/threshold-slider";
import { DRAFT_PARAM, useDraftUrl } from "@/components/alerts/use-draft-url";
import { issuesOf, useRuleAnswers } from "@/components/alerts/use-rule-answers";
import { errorWords, Panel } from "@/components/shell/panel";
import { useHref, useUrlState } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { ALERTS, type RuleBody, ruleBacktest, ruleDetail, saveRule } from "@/lib/alerts/queries";
import type { RuleItem } from "@/lib/alerts/rules-schema";
import { plain } from "@/lib/format";

type RuleBuilderProps = {
  /** Null for a rule that is not saved yet; then `given` is what it starts with. */
  saved: RuleItem | null;
  given: Readonly<Record<string, unknown>>;
  /** Changes to begin with: a suggestion. */
  tried?: Partial<Draft>;
};

const asJson = (body: RuleBody) => JSON.stringify(body);

/** The sentence, and beside it what it finds now and would have done. */
export function RuleBuilder({ saved, given, tried }: RuleBuilderProps) {
  const { start, draft, setDraft, isBehind } = useDraft({ saved, given, tried });
  const [days, setDays] = useState<BacktestDays>(30);
  const read = readDraft(draft);
  const answers = useRuleAnswers(read, days);
  const before = asJson(readDraft(start).body);
  const isChanged = isOther(draft, start);
  const old = useQuery({
    ...ruleBacktest(before, days, Date.now),
    enabled: saved !== null && isChanged,
  });
  const save = useSave(saved);
  const link = linkOf(draft, start);
  useDraftUrl(link);
  const form: RuleForm = {
    draft,
    change: (fields: Partial<Draft>) => {
      save.reset();
      setDraft((now) => ({ ...now, ...fields }));
    },
    issues: issueWords({ ...issuesOf(save.error), ...answers.issues }, draft),
  };
  const isWrong = Object.keys(answers.issues).length > 0;
  const condition = answers.preview.data?.condition ?? "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(read.issues).length > 0) return;
    const name = draft.name.trim() || condition.slice(0, 120);
    save.mutate({ ...read.body, name, paused: saved?.paused ?? draft.paused });
  };
  return (
    <div className="grid grid-cols-1 items-start gap-3 xl:grid-cols-[minmax(26rem,5fr)_minmax(0,6fr)]">
      <form onSubmit={submit} noValidate className="flex min-w-0 flex-col gap-3">
        <Panel>
          <div className="flex flex-col gap-3">
            <Sentence form={form} />
            <Field
              label="Name"
              hint={condition ? `left out: ${plain(condition)}` : "left out: what it says"}
              error={issueAt(form.issues, "name") ?? null}
            >
              {(props) => (
                <Input
                  {...props}
                  maxLength={120}
                  value={draft.name}
                  onChange={(event) => form.change({ name: event.target.value })}
                />
              )}
            </Field>
          </div>
        </Panel>
        <More title="Messages, labels and runbook" form={form} Fields={MessageFields} />
        <More title="How it is judged" form={form} Fields={TimingFields} />
        {isBehind ? (
          <Notice tone="wait">
            Somebody has saved another version meanwhile: saving yours takes its place.
          </Notice>
        ) : null}
        <Needs scope="write">
          <SaveBar
            {...{ save, link, isNew: saved === null, isWrong }}
            isChanged={isChanged || saved === null}
            onUndo={() => {
              save.reset();
              setDraft(start);
            }}
          />
        </Needs>
      </form>
      <div className="flex min-w-0 flex-col gap-3">
        <BacktestPanel
          query={answers.backtest}
          saved={saved && isChanged ? old.data : undefined}
          body={read.body}
          unit={answers.preview.data?.unit ?? "count"}
          {...{ days, setDays, isWrong }}
          slider={
            <ThresholdSlider
              {...{ draft, days, body: read.body, isFine: answers.isChecked }}
              onChange={(fire) => form.change({ fire })}
            />
          }
        />
        <PreviewPanel query={answers.preview} isWrong={isWrong} />
      </div>
    </div>
  );
}

/** Pausing is a button of its own. */
const isOther = (draft: Draft, start: Draft) =>
  asJson(readDraft({ ...draft, paused: start.paused }).body) !== asJson(readDraft(start).body);

/** A draft follows the saved rule until something is typed. */
function useDraft({ saved, given, tried }: RuleBuilderProps) {
  const [start, setStart] = useState(() => draftOf(given));
  const { params } = useUrlState();
  const [draft, setDraft] = useState(() => ({
    ...draftFrom(start, params.get(DRAFT_PARAM)),
    ...tried,
  }));
  const [version, setVersion] = useState(saved?.version);
  const isNewer = saved?.version !== version;
  const next = isNewer ? draftOf(given) : start;
  if (isNewer && (!isOther(draft, start) || !isOther(draft, next))) {
    setVersion(saved?.version);
    setStart(next);
    setDraft(next);
  }
  return { start, draft, setDraft, isBehind: isNewer };
}

function useSave(saved: RuleItem | null) {
  const client = useQueryClient();
  const router = useRouter();
  const href = useHref();
  return useMutation({
    mutationFn: (body: RuleBody) => saveRule(saved?.id ?? null, body),
    onSuccess: async (rule) => {
      client.setQueryData(ruleDetail(rule.id).queryKey, rule);
      await client.invalidateQueries({ queryKey: ALERTS });
      if (saved === null) router.push(href(`/alerts/rules/${encodeURIComponent(rule.id)}`));
    },
  });
}

type MoreProps = {
  title: string;
  form: RuleForm;
  Fields: (props: { form: RuleForm }) => ReactNode;
};

function More({ title, form, Fields }: MoreProps) {
  return (
    <details className="rounded-lg border bg-surface">
      <summary className="cursor-pointer px-3 py-2 font-semibold">{title}</summary>
      <div className="px-3 pb-3">
        <Fields form={form} />
      </div>
    </details>
  );
}

type SaveBarProps = {
  save: ReturnType<typeof useSave>;
  isNew: boolean;
  isChanged: boolean;
  isWrong: boolean;
  /** What is not saved yet, for a link. */
  link: string | null;
  onUndo: () => void;
};

function linkHere(link: string): string {
  const url = new URL(window.location.href);
  url.searchParams.set(DRAFT_PARAM, link);
  return url.href;
}

/** Stays in sight: what is typed above it is long. */
function SaveBar({ save, isNew, isChanged, isWrong, link, onUndo }: SaveBarProps) {
  const isTold = Object.keys(issuesOf(save.error)).length > 0;
  return (
    <div className="sticky bottom-0 z-10 flex flex-wrap items-center gap-3 border-t bg-bg py-3">
      <Button type="submit" variant="primary" disabled={!isChanged || isWrong || save.isPending}>
        {save.isPending ? "Saving…" : isNew ? "Save rule" : "Save changes"}
      </Button>
      {isChanged && !isNew ? <Button onClick={onUndo}>Undo</Button> : null}
      {link === null ? null : (
        <CopyButton
          text={() => linkHere(link)}
          label="Copy a link to this draft"
          word="Copy link to draft"
        />
      )}
      <span role="status" className="text-ok">
        {save.isSuccess && !isChanged ? "Saved." : null}
      </span>
      {isWrong ? (
        <span className="text-sm text-ink-3">The sentence is not complete yet.</span>
      ) : null}
      {save.error ? (
        <p role="alert" className="w-full text-fail">
          {isTold ? "Not saved: see what is wrong above." : errorWords(save.error)}
        </p>
      ) : null}
    </div>
  );
}
