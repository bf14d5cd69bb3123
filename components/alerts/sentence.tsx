"use client";
import { ChannelsClause } from "@/components/alerts/channels-clause";
import { Clause, PickBox, TextBox } from "@/components/alerts/clause";
import { KIND_OPTIONS, KIND_WORDS } from "@/components/alerts/rule-choices";
import { newDraft } from "@/components/alerts/rule-draft";
import type { RuleForm } from "@/components/alerts/rule-form";
import { SEVERITY_OPTIONS } from "@/components/alerts/sentence-asked";
import {
  AbsenceSentence,
  AnomalySentence,
  BurnRateSentence,
  ChangeSentence,
  ThresholdSentence,
} from "@/components/alerts/sentence-kinds";
import {
  BudgetSentence,
  CompositeSentence,
  EventSentence,
  SelfSentence,
  SessionSentence,
} from "@/components/alerts/sentence-others";
import type { Kind } from "@/lib/alerts/rule-schema";

/** The whole rule as a sentence with controls in it. */
export function Sentence({ form }: { form: RuleForm }) {
  const { draft, change } = form;
  return (
    <div className="flex flex-col gap-2.5">
      <Clause form={form} paths={["kind", "paused", "dry_run"]}>
        <span className="text-ink-2">Tells of</span>
        {draft.kind === "self" ? (
          KIND_WORDS.self.label
        ) : (
          <PickBox
            {...{ form, path: "kind", label: "Kind of rule", value: draft.kind }}
            options={KIND_OPTIONS}
            onChange={(kind) => change(ofKind(form, kind))}
          />
        )}
        <span className="text-sm text-ink-3">{KIND_WORDS[draft.kind].text}</span>
      </Clause>
      <OfKind form={form} />
      <Clause form={form} paths={["for", "severity"]}>
        for
        <TextBox
          {...{ form, path: "for", label: "How long before it fires", value: draft.for }}
          placeholder="2m"
          onChange={(next) => change({ for: next })}
        />
        then alert as
        <PickBox
          {...{ form, path: "severity", label: "Severity", value: draft.severity }}
          options={SEVERITY_OPTIONS}
          onChange={(severity) => change({ severity })}
        />
      </Clause>
      <ChannelsClause form={form} />
    </div>
  );
}

/** Another kind of rule keeps what both have; what cannot be of it begins anew. */
function ofKind({ draft }: RuleForm, kind: Kind) {
  const usual = newDraft(kind);
  const isKept =
    kind === "ratio" || kind === "threshold" || kind === "change" || kind === "anomaly";
  const wasAsked = ["ratio", "threshold", "change", "anomaly"].includes(draft.kind);
  const { metric, window, group_by, op, fire } = usual;
  return {
    kind,
    ...(isKept && wasAsked && kind !== "ratio" ? {} : { metric }),
    ...(isKept && wasAsked ? {} : { window, group_by, op }),
    ...{ fire, warn: "", recover: "", tiers: [] },
  };
}

function OfKind({ form }: { form: RuleForm }) {
  switch (form.draft.kind) {
    case "ratio":
    case "threshold":
      return <ThresholdSentence form={form} />;
    case "change":
      return <ChangeSentence form={form} />;
    case "anomaly":
      return <AnomalySentence form={form} />;
    case "burn_rate":
      return <BurnRateSentence form={form} />;
    case "absence":
      return <AbsenceSentence form={form} />;
    case "budget":
      return <BudgetSentence form={form} />;
    case "session":
      return <SessionSentence form={form} />;
    case "event":
      return <EventSentence form={form} />;
    case "composite":
      return <CompositeSentence form={form} />;
    case "self":
      return <SelfSentence form={form} />;
  }
}
