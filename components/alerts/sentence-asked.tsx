"use client";
import { Clause, PickBox, TextBox } from "@/components/alerts/clause";
import { AGG_OPTIONS, isRange, metricOptions, OP_OPTIONS } from "@/components/alerts/rule-choices";
import { unitOfDraft } from "@/components/alerts/rule-draft";
import type { RuleForm } from "@/components/alerts/rule-form";
import { ByGroups, OfSessions } from "@/components/alerts/sentence-scope";
import { UNIT_SIGNS } from "@/components/alerts/typed-figure";
import { SEVERITY_LOOKS, SEVERITY_ORDER } from "@/components/alerts/words";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/field";
import { findMetric } from "@/lib/metrics/catalogue";

export const SEVERITY_OPTIONS = SEVERITY_ORDER.map(
  (severity) => [severity, SEVERITY_LOOKS[severity].word.toLowerCase()] as const,
);

/** Of which metric, of what, by what. */
export function AskedClauses({ form, opening = "When" }: { form: RuleForm; opening?: string }) {
  const { draft } = form;
  const metric = findMetric(draft.metric);
  return (
    <>
      <Clause form={form} paths={["metric", "agg", "filters", "group_by"]}>
        {opening}
        {metric?.kind === "distribution" ? (
          <PickBox
            {...{ form, path: "agg", label: "Of its distribution", value: draft.agg }}
            options={AGG_OPTIONS}
            onChange={(agg) => changeUnit(form, { agg })}
          />
        ) : null}
        <PickBox
          {...{ form, path: "metric", label: "Metric", value: draft.metric }}
          options={metricOptions(draft.kind)}
          onChange={(id) => changeUnit(form, { metric: id })}
        />
        <OfSessions form={form} />
        <ByGroups form={form} />
      </Clause>
      {metric ? <p className="text-sm text-ink-3">{metric.text}</p> : null}
    </>
  );
}

/** A bound in another unit means nothing any more. */
export function changeUnit({ draft, change }: RuleForm, fields: Partial<RuleForm["draft"]>) {
  const next = { ...draft, ...fields };
  const isSame = unitOfDraft(draft) === unitOfDraft(next);
  change(isSame ? fields : { ...fields, fire: "", warn: "", recover: "", tiers: [] });
}

type BoundClausesProps = { form: RuleForm; verb?: string; window: string | null };

/** What is compared: "is above 20 %", and with that the farther and nearer bounds. */
export function BoundClauses({ form, verb = "is", window }: BoundClausesProps) {
  const { draft, change } = form;
  const unit = unitOfDraft(draft);
  const signs = UNIT_SIGNS[unit];
  const bound = {
    form,
    before: signs.before,
    after: signs.after,
    placeholder: isRange(draft.op) ? `${signs.like} to …` : signs.like,
    className: isRange(draft.op) ? "!w-32" : undefined,
  };
  return (
    <>
      <Clause form={form} paths={["op", "fire", "window"]}>
        {verb}
        <PickBox
          {...{ form, path: "op", label: "Compared", value: draft.op }}
          options={OP_OPTIONS}
          onChange={(op) =>
            change(
              isRange(op) === isRange(draft.op)
                ? { op }
                : { op, fire: "", warn: "", recover: "", tiers: [] },
            )
          }
        />
        <TextBox
          {...{ ...bound, path: "fire", label: "Fires at", value: draft.fire }}
          onChange={(fire) => change({ fire })}
        />
        {window === null ? null : (
          <>
            {window}
            <TextBox
              {...{ form, path: "window", label: "Window", value: draft.window }}
              placeholder="15m"
              onChange={(next) => change({ window: next })}
            />
          </>
        )}
      </Clause>
      <Clause form={form} paths={["recover", "warn"]}>
        warns from
        <TextBox
          {...{
            ...bound,
            path: "warn",
            label: "Warns at",
            value: draft.warn,
            placeholder: "never",
          }}
          onChange={(warn) => change({ warn })}
        />
        and recovers past
        <TextBox
          {...{ ...bound, path: "recover", label: "Recovers at", value: draft.recover }}
          placeholder={draft.fire || signs.like}
          onChange={(recover) => change({ recover })}
        />
      </Clause>
      <Tiers form={form} bound={bound} />
    </>
  );
}

type Bound = Pick<
  Parameters<typeof TextBox>[0],
  "form" | "before" | "after" | "placeholder" | "className"
>;

/** Farther bounds with other severities. */
function Tiers({ form, bound }: { form: RuleForm; bound: Bound }) {
  const { draft, change } = form;
  const set = (at: number, fields: Partial<(typeof draft.tiers)[number]>) =>
    change({
      tiers: draft.tiers.map((tier, index) => (index === at ? { ...tier, ...fields } : tier)),
    });
  return (
    <>
      {draft.tiers.map((tier, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a tier is known by its place
        <Clause key={at} form={form} paths={[`tiers.${at}.fire`, `tiers.${at}.severity`]}>
          <PickBox
            {...{ form, path: `tiers.${at}.severity`, label: `Severity ${at + 2}` }}
            value={tier.severity}
            options={SEVERITY_OPTIONS}
            onChange={(severity) => set(at, { severity })}
          />
          from
          <TextBox
            {...{ ...bound, path: `tiers.${at}.fire`, label: `Bound ${at + 2}`, value: tier.fire }}
            onChange={(fire) => set(at, { fire })}
          />
          <Button
            variant="ghost"
            size="sm"
            aria-label={`Remove bound ${at + 2}`}
            onClick={() => change({ tiers: draft.tiers.filter((_, index) => index !== at) })}
          >
            Remove
          </Button>
        </Clause>
      ))}
      {draft.tiers.length < 4 ? (
        <div>
          <Button
            size="sm"
            variant="ghost"
            className="-ml-2"
            onClick={() => change({ tiers: [...draft.tiers, { fire: "", severity: "critical" }] })}
          >
            + a farther bound with a higher severity
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** How much there must be to judge by. */
export function VolumeClause({ form }: { form: RuleForm }) {
  const { draft, change } = form;
  const kind = findMetric(draft.metric)?.kind;
  if (kind !== "ratio" && kind !== "distribution") return null;
  return (
    <>
      <Clause form={form} paths={["min_volume", "min_bad"]}>
        with at least
        <TextBox
          {...{ form, path: "min_volume", label: "Least to judge by", value: draft.min_volume }}
          inputMode="numeric"
          className="!w-14"
          onChange={(min_volume) => change({ min_volume })}
        />
        {kind === "ratio" ? "to judge by, and" : "to judge by"}
        {kind === "ratio" ? (
          <>
            <TextBox
              {...{ form, path: "min_bad", label: "Least that are bad", value: draft.min_bad }}
              inputMode="numeric"
              className="!w-14"
              onChange={(min_bad) => change({ min_bad })}
            />
            of them bad
          </>
        ) : null}
      </Clause>
      {kind === "ratio" ? (
        <Clause form={form} paths={["confidence"]}>
          <Checkbox
            label="and only if the true rate is above it as well, with 95 % confidence"
            checked={draft.confidence}
            onChange={(event) => change({ confidence: event.target.checked })}
          />
        </Clause>
      ) : null}
    </>
  );
}
