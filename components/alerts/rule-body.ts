import { type Draft, unitOfDraft, unitOfMetric } from "@/components/alerts/rule-draft";
import { figureHint, typedFigure, typedNumber } from "@/components/alerts/typed-figure";
import type { RuleBody } from "@/lib/alerts/queries";
import type { Unit } from "@/lib/metrics/metric";

/** What is wrong, by the API's dotted path. */
export type Issues = Record<string, string>;
export type Read = { body: RuleBody; issues: Issues };

/** Reads texts as values, and remembers which are none. */
class Reader {
  readonly issues: Issues = {};

  constructor(
    private readonly draft: Draft,
    readonly unit = unitOfDraft(draft),
  ) {}

  figure(path: string, text: string, unit: Unit): number | undefined {
    const value = typedFigure(text, unit);
    if (value === null) this.issues[path] = figureHint(unit);
    return value ?? undefined;
  }

  number(path: string, text: string): number | undefined {
    const value = typedNumber(text);
    if (value === null) this.issues[path] = "expected a number";
    return value ?? undefined;
  }

  /** One value, or two for a range: "10 to 20". */
  bound(path: string, text: string): number | [number, number] | undefined {
    if (this.draft.op !== "outside" && this.draft.op !== "inside")
      return this.figure(path, text, this.unit);
    const [low, high, more] = text
      .split(/\s+to\s+|\s*[–…]\s*/)
      .map((part) => typedFigure(part, this.unit));
    if (low == null || high == null || more !== undefined) {
      this.issues[path] = "expected two values, like 10 to 20";
      return undefined;
    }
    return [low, high];
  }

  /** What is left empty is left out. */
  optional<T>(text: string, read: (text: string) => T): T | undefined {
    return text.trim() === "" ? undefined : read(text);
  }
}

/** The rule that is typed, as the API takes it, and what cannot even be read. */
export function readDraft(draft: Draft): Read {
  const reader = new Reader(draft);
  const body = { ...commonOf(draft, reader), ...ofKind(draft, reader) };
  return {
    body: Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
    issues: reader.issues,
  };
}

const unlessEmpty = (text: string) => (text.trim() === "" ? undefined : text.trim());

function commonOf(draft: Draft, reader: Reader): RuleBody {
  const { name, severity, every, delay, no_data, channels, paused, dry_run } = draft;
  const { keep_firing_for, no_data_for, new_group_delay, max_staleness } = draft;
  return {
    ...{ kind: draft.kind, name: name.trim(), severity, every, delay, for: draft.for },
    ...{ keep_firing_for, no_data, no_data_for, new_group_delay, max_staleness },
    low_volume_hold: unlessEmpty(draft.low_volume_hold),
    error_for: reader.number("error_for", draft.error_for),
    max_instances: reader.number("max_instances", draft.max_instances),
    missing_evals: reader.number("missing_evals", draft.missing_evals),
    labels: Object.fromEntries(
      draft.labels.flatMap((label) => (label.name === "" ? [] : [[label.name, label.value]])),
    ),
    annotations: {
      ...(draft.summary.trim() === "" ? {} : { summary: draft.summary.trim() }),
      ...(draft.description.trim() === "" ? {} : { description: draft.description.trim() }),
    },
    runbook_url: unlessEmpty(draft.runbook_url),
    owner: unlessEmpty(draft.owner),
    ...{ channels, paused, dry_run },
  };
}

const askedOf = ({ metric, agg, filters, group_by, window }: Draft): RuleBody => ({
  ...{ metric, agg, filters, group_by, window },
});

function comparedOf(draft: Draft, reader: Reader): RuleBody {
  return {
    op: draft.op,
    fire: reader.bound("fire", draft.fire),
    warn: reader.optional(draft.warn, (text) => reader.bound("warn", text)),
    recover: reader.optional(draft.recover, (text) => reader.bound("recover", text)),
    tiers: draft.tiers.map(({ fire, severity }, at) => ({
      fire: reader.bound(`tiers.${at}.fire`, fire),
      severity,
    })),
  };
}

const actionOf = ({ interrupt, per_hour }: Draft, reader: Reader) =>
  interrupt === "no"
    ? undefined
    : {
        ...{ kind: "interrupt", mode: interrupt },
        per_hour: reader.number("action.per_hour", per_hour),
      };

const volumeOf = (draft: Draft, reader: Reader): RuleBody => ({
  min_volume: reader.number("min_volume", draft.min_volume || "0"),
  min_bad: reader.number("min_bad", draft.min_bad || "0"),
  confidence: draft.confidence,
});

function ofKind(draft: Draft, reader: Reader): RuleBody {
  const { group_by, filters, window } = draft;
  switch (draft.kind) {
    case "threshold":
    case "ratio":
      return { ...askedOf(draft), ...comparedOf(draft, reader), ...volumeOf(draft, reader) };
    case "change":
      return {
        ...{ ...askedOf(draft), ...comparedOf(draft, reader), ...volumeOf(draft, reader) },
        compare: compareOf(draft, reader),
      };
    case "anomaly":
      return {
        ...{ ...askedOf(draft), ...volumeOf(draft, reader) },
        anomaly: anomalyOf(draft, reader),
      };
    case "burn_rate":
      return {
        ...{ ...askedOf(draft), ...volumeOf(draft, reader) },
        slo: reader.figure("slo", draft.slo, "ratio"),
        factor: reader.number("factor", draft.factor),
      };
    case "absence":
      return absenceOf(draft);
    case "budget":
      if (draft.budget === "") reader.issues.budget = "choose which";
      return {
        budget: draft.budget,
        tiers: sharesOf(draft, reader),
        forecast: draft.forecast,
      };
    case "composite":
      if (draft.parts.length === 0) reader.issues.rules = "add the rules it is made of";
      else if (draft.parts.some(({ id }) => id === "")) reader.issues.rules = "choose each rule";
      return {
        rules: Object.fromEntries(draft.parts.map(({ name, id }) => [name, id])),
        expression: draft.expression,
      };
    case "session":
      return {
        ...{ measure: draft.measure, filters, window, ...comparedOf(draft, reader) },
        action: actionOf(draft, reader),
      };
    case "self":
      return { watch: draft.watch, ...comparedOf(draft, reader) };
    case "event": {
      const { source, types } = draft;
      return { source, types, filters, group_by, window, ...comparedOf(draft, reader) };
    }
  }
}

function compareOf(draft: Draft, reader: Reader): RuleBody {
  const { offset, mode, min_baseline, min_delta } = draft.compare;
  return {
    ...{ offset, mode, min_baseline: reader.number("compare.min_baseline", min_baseline || "0") },
    min_delta: reader.optional(min_delta, (text) =>
      reader.figure("compare.min_delta", text, unitOfMetric(draft)),
    ),
  };
}

function anomalyOf(draft: Draft, reader: Reader): RuleBody {
  const { season, direction, seasons, spreads, min_delta } = draft.anomaly;
  return {
    ...{ season, direction, seasons: reader.number("anomaly.seasons", seasons) },
    spreads: reader.number("anomaly.spreads", spreads),
    min_delta: reader.optional(min_delta, (text) =>
      reader.figure("anomaly.min_delta", text, unitOfMetric(draft)),
    ),
  };
}

function absenceOf(draft: Draft): RuleBody {
  const { metric, filters, group_by, window, heartbeat, period, grace, expect_first } = draft;
  return draft.absent === "metric"
    ? { metric, filters, group_by, window, expect_first }
    : { heartbeat, period, grace, expect_first };
}

const sharesOf = (draft: Draft, reader: Reader) =>
  draft.shares
    .split(/[,;]\s*/)
    .filter((text) => text.trim() !== "")
    .map((text) => reader.figure("tiers", text, "ratio"));
