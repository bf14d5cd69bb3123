"use client";
import { Clause, PickBox, TextBox } from "@/components/alerts/clause";
import { unitOfMetric } from "@/components/alerts/rule-draft";
import type { RuleForm } from "@/components/alerts/rule-form";
import {
  AskedClauses,
  BoundClauses,
  changeUnit,
  VolumeClause,
} from "@/components/alerts/sentence-asked";
import { UNIT_SIGNS } from "@/components/alerts/typed-figure";
import { Checkbox } from "@/components/ui/field";

type Props = { form: RuleForm };

export function ThresholdSentence({ form }: Props) {
  return (
    <>
      <AskedClauses form={form} />
      <BoundClauses form={form} window="over" />
      <VolumeClause form={form} />
    </>
  );
}

export function ChangeSentence({ form }: Props) {
  const { draft, change } = form;
  const { compare } = draft;
  const set = (fields: Partial<typeof compare>) =>
    changeUnit(form, { compare: { ...compare, ...fields } });
  const signs = UNIT_SIGNS[unitOfMetric(draft)];
  return (
    <>
      <AskedClauses form={form} />
      <Clause form={form} paths={["compare.offset", "compare.mode"]}>
        against
        <TextBox
          {...{ form, path: "compare.offset", label: "How long before", value: compare.offset }}
          placeholder="7d"
          onChange={(offset) => change({ compare: { ...compare, offset } })}
        />
        before, as a
        <PickBox
          {...{ form, path: "compare.mode", label: "Compared as", value: compare.mode }}
          options={[
            ["relative", "share of it"],
            ["absolute", "difference"],
          ]}
          onChange={(mode) => set({ mode })}
        />
        that
      </Clause>
      <BoundClauses form={form} window="over" />
      <Clause form={form} paths={["compare.min_baseline", "compare.min_delta"]}>
        where it was at least
        <TextBox
          {...{ form, path: "compare.min_baseline", label: "Least before" }}
          value={compare.min_baseline}
          className="!w-16"
          onChange={(min_baseline) => change({ compare: { ...compare, min_baseline } })}
        />
        and differs by
        <TextBox
          {...{ form, path: "compare.min_delta", label: "Least difference", ...signs }}
          value={compare.min_delta}
          placeholder="anything"
          onChange={(min_delta) => change({ compare: { ...compare, min_delta } })}
        />
      </Clause>
      <VolumeClause form={form} />
    </>
  );
}

export function AnomalySentence({ form }: Props) {
  const { draft, change } = form;
  const { anomaly } = draft;
  const set = (fields: Partial<typeof anomaly>) => change({ anomaly: { ...anomaly, ...fields } });
  const signs = UNIT_SIGNS[unitOfMetric(draft)];
  return (
    <>
      <AskedClauses form={form} />
      <Clause form={form} paths={["anomaly.spreads", "anomaly.direction", "window"]}>
        is
        <TextBox
          {...{ form, path: "anomaly.spreads", label: "Spreads", value: anomaly.spreads }}
          className="!w-14"
          onChange={(spreads) => set({ spreads })}
        />
        spreads
        <PickBox
          {...{ form, path: "anomaly.direction", label: "Direction", value: anomaly.direction }}
          options={[
            ["above", "above"],
            ["below", "below"],
            ["both", "away from"],
          ]}
          onChange={(direction) => set({ direction })}
        />
        what is usual, over
        <TextBox
          {...{ form, path: "window", label: "Window", value: draft.window }}
          onChange={(window) => change({ window })}
        />
      </Clause>
      <Clause form={form} paths={["anomaly.season", "anomaly.seasons", "anomaly.min_delta"]}>
        at that
        <PickBox
          {...{ form, path: "anomaly.season", label: "Season", value: anomaly.season }}
          options={[
            ["hour_of_week", "hour of the week"],
            ["hour_of_day", "hour of the day"],
          ]}
          onChange={(season) => set({ season })}
        />
        in the last
        <TextBox
          {...{ form, path: "anomaly.seasons", label: "Seasons", value: anomaly.seasons }}
          className="!w-14"
          onChange={(seasons) => set({ seasons })}
        />
        {anomaly.season === "hour_of_week" ? "weeks" : "days"}, and by at least
        <TextBox
          {...{ form, path: "anomaly.min_delta", label: "Least distance", ...signs }}
          value={anomaly.min_delta}
          placeholder="anything"
          onChange={(min_delta) => set({ min_delta })}
        />
      </Clause>
      <VolumeClause form={form} />
    </>
  );
}

export function BurnRateSentence({ form }: Props) {
  const { draft, change } = form;
  return (
    <>
      <AskedClauses form={form} />
      <Clause form={form} paths={["slo", "factor", "window"]}>
        burns the error budget of a
        <TextBox
          {...{ form, path: "slo", label: "Objective", value: draft.slo, after: "%" }}
          className="!w-16"
          onChange={(slo) => change({ slo })}
        />
        objective
        <TextBox
          {...{ form, path: "factor", label: "Times too fast", value: draft.factor }}
          className="!w-16"
          onChange={(factor) => change({ factor })}
        />
        times too fast, over
        <TextBox
          {...{ form, path: "window", label: "Window", value: draft.window }}
          onChange={(window) => change({ window })}
        />
        and over its last twelfth
      </Clause>
      <VolumeClause form={form} />
    </>
  );
}

export function AbsenceSentence({ form }: Props) {
  const { draft, change } = form;
  const isMetric = draft.absent === "metric";
  return (
    <>
      <Clause form={form} paths={["heartbeat"]}>
        When there is no
        <PickBox
          {...{ form, path: "absent", label: "What is missing", value: draft.absent }}
          options={[
            ["metric", "metric"],
            ["heartbeat", "heartbeat"],
          ]}
          onChange={(absent) => change({ absent })}
        />
        {isMetric ? null : (
          <TextBox
            {...{ form, path: "heartbeat", label: "Heartbeat", value: draft.heartbeat }}
            placeholder="nightly-report"
            isText
            onChange={(heartbeat) => change({ heartbeat })}
          />
        )}
      </Clause>
      {isMetric ? (
        <>
          <AskedClauses form={form} opening="that is, no" />
          <Clause form={form} paths={["window"]}>
            for
            <TextBox
              {...{ form, path: "window", label: "Window", value: draft.window }}
              onChange={(window) => change({ window })}
            />
          </Clause>
        </>
      ) : (
        <HeartbeatClauses form={form} />
      )}
      <Checkbox
        label="also when the first one never comes"
        checked={draft.expect_first}
        onChange={(event) => change({ expect_first: event.target.checked })}
      />
    </>
  );
}

function HeartbeatClauses({ form }: Props) {
  const { draft, change } = form;
  return (
    <>
      <Clause form={form} paths={["period", "grace"]}>
        for its period of
        <TextBox
          {...{ form, path: "period", label: "Period", value: draft.period }}
          placeholder="1d"
          onChange={(period) => change({ period })}
        />
        and
        <TextBox
          {...{ form, path: "grace", label: "Grace", value: draft.grace }}
          placeholder="10m"
          onChange={(grace) => change({ grace })}
        />
        more
      </Clause>
      <p className="text-sm break-all text-ink-3">
        It comes with POST /api/v1/heartbeats/{draft.heartbeat || "<name>"}
      </p>
    </>
  );
}
