"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Clause, PickBox, TextBox } from "@/components/alerts/clause";
import { MEASURE_OPTIONS, WATCH_WORDS } from "@/components/alerts/rule-choices";
import type { RuleForm } from "@/components/alerts/rule-form";
import { BoundClauses, changeUnit } from "@/components/alerts/sentence-asked";
import { ByGroups, OfSessions } from "@/components/alerts/sentence-scope";
import { useHref } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/field";
import { rulesList } from "@/lib/alerts/queries";
import { budgets } from "@/lib/budgets/queries";

type Props = { form: RuleForm };

const WINDOWED = ["cost_per_minute", "reschedules"];

export function SessionSentence({ form }: Props) {
  const { draft, change } = form;
  return (
    <>
      <Clause form={form} paths={["measure", "filters"]}>
        When one
        <OfSessions form={form} />
        <PickBox
          {...{ form, path: "measure", label: "Measure", value: draft.measure }}
          options={MEASURE_OPTIONS}
          onChange={(measure) => changeUnit(form, { measure })}
        />
      </Clause>
      <BoundClauses form={form} verb="" window={WINDOWED.includes(draft.measure) ? "over" : null} />
      <Clause form={form} paths={["action.mode", "action.per_hour"]}>
        and
        <PickBox
          {...{ form, path: "action.mode", label: "Action", value: draft.interrupt }}
          options={[
            ["no", "does nothing to it"],
            ["dry_run", "notes that it would interrupt it"],
            ["live", "interrupts it"],
          ]}
          onChange={(interrupt) => change({ interrupt })}
        />
        {draft.interrupt === "no" ? null : (
          <TextBox
            {...{ form, path: "action.per_hour", label: "Sessions in an hour at most" }}
            {...{ value: draft.per_hour, before: "at most", after: "times an hour" }}
            inputMode="numeric"
            onChange={(per_hour) => change({ per_hour })}
          />
        )}
      </Clause>
      {draft.interrupt === "no" ? null : <InterruptNote />}
    </>
  );
}

/** What has to come together before anything is sent. */
function InterruptNote() {
  const href = useHref();
  return (
    <p className="max-w-2xl text-sm text-ink-3">
      A rule is saved as a dry run first: its episodes say what it would have done. It interrupts
      sessions of those{" "}
      <Link href={href("/settings/connections")} className="underline underline-offset-2">
        connections
      </Link>{" "}
      where an admin has switched that on, each session once.
    </p>
  );
}

export function SelfSentence({ form }: Props) {
  return <BoundClauses form={form} verb={WATCH_WORDS[form.draft.watch]} window={null} />;
}

export function BudgetSentence({ form }: Props) {
  const { draft, change } = form;
  const href = useHref();
  const query = useQuery(budgets());
  const known = query.data?.data ?? [];
  return (
    <>
      <Clause form={form} paths={["budget", "tiers"]}>
        When
        <PickBox
          {...{ form, path: "budget", label: "Budget", value: draft.budget }}
          options={[
            ["", "choose a budget"] as const,
            ...known.map(({ id, name }) => [id, name] as const),
          ]}
          onChange={(budget) => change({ budget })}
        />
        is used up to
        <TextBox
          {...{ form, path: "tiers", label: "Shares", value: draft.shares, after: "%" }}
          className="!w-32"
          onChange={(shares) => change({ shares })}
        />
      </Clause>
      <Checkbox
        label="or is expected to be used up before its period ends"
        checked={draft.forecast}
        onChange={(event) => change({ forecast: event.target.checked })}
      />
      {query.data && known.length === 0 ? (
        <p className="text-sm text-ink-3">
          There is no budget yet:{" "}
          <Link href={href("/costs")} className="underline underline-offset-2">
            set one on the page of costs
          </Link>
          .
        </p>
      ) : null}
    </>
  );
}

const NAMES = "abcdefghij";

export function CompositeSentence({ form }: Props) {
  const { draft, change } = form;
  const rules = (useQuery(rulesList()).data?.data ?? []).filter(({ kind }) => kind !== "composite");
  const set = (at: number, fields: Partial<(typeof draft.parts)[number]>) =>
    change({
      parts: draft.parts.map((part, index) => (index === at ? { ...part, ...fields } : part)),
    });
  const add = () => {
    const name = [...NAMES].find((one) => draft.parts.every((part) => part.name !== one));
    if (!name) return;
    const expression = draft.expression === "" ? name : `${draft.expression} && ${name}`;
    change({ parts: [...draft.parts, { name, id: "" }], expression });
  };
  return (
    <>
      <p>When, of these rules,</p>
      {draft.parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place
        <Clause key={at} form={form} paths={[`rules.${part.name}`]}>
          <TextBox
            {...{ form, path: `rules.${part.name}`, label: `Name of part ${at + 1}` }}
            value={part.name}
            isText
            className="!w-16 font-mono"
            onChange={(name) => set(at, { name })}
          />
          is
          <PickBox
            {...{ form, path: `rules.${part.name}`, label: `Rule ${at + 1}`, value: part.id }}
            options={[
              ["", "choose a rule"] as const,
              ...rules.map(({ id, name }) => [id, name] as const),
            ]}
            onChange={(id) => set(at, { id })}
          />
          <Button
            variant="ghost"
            size="sm"
            aria-label={`Remove part ${at + 1}`}
            onClick={() => change({ parts: draft.parts.filter((_, index) => index !== at) })}
          >
            Remove
          </Button>
        </Clause>
      ))}
      <div>
        <Button size="sm" onClick={add} disabled={draft.parts.length >= NAMES.length}>
          Add a rule
        </Button>
      </div>
      <Clause form={form} paths={["expression", "rules"]}>
        fire as
        <TextBox
          {...{ form, path: "expression", label: "Expression", value: draft.expression }}
          placeholder="a && (b || !c)"
          isText
          className="!w-64 font-mono"
          onChange={(expression) => change({ expression })}
        />
      </Clause>
    </>
  );
}

export function EventSentence({ form }: Props) {
  const { draft, change } = form;
  return (
    <>
      <Clause form={form} paths={["source", "types", "filters", "group_by"]}>
        When
        <PickBox
          {...{ form, path: "source", label: "What comes", value: draft.source }}
          options={[
            ["session_error", "errors that are not tried again"],
            ["webhook", "webhooks"],
          ]}
          onChange={(source) => change({ source, filters: {}, group_by: ["error_type"] })}
        />
        of type
        <TextBox
          {...{ form, path: "types", label: "Types" }}
          value={draft.types.join(", ")}
          placeholder="any"
          isText
          className="!w-52"
          onChange={(text) => change({ types: text === "" ? [] : text.split(/,\s?/) })}
        />
        {draft.source === "session_error" ? <OfSessions form={form} /> : null}
        <ByGroups form={form} />
      </Clause>
      <BoundClauses form={form} window="over" />
    </>
  );
}
