"use client";
import { useQuery } from "@tanstack/react-query";
import type { Issues, Read } from "@/components/alerts/rule-body";
import { useSettled } from "@/components/alerts/use-settled";
import { ruleBacktest, rulePreview } from "@/lib/alerts/queries";
import { ApiError } from "@/lib/http/client";

const TYPING_MS = 350;

/** Any name will do to ask with. */
const askable = ({ body }: Read) => JSON.stringify({ ...body, name: body.name || "New rule" });

/**
 * What the rule that is typed finds now and would have done, and what the API says is wrong with it.
 * Asked when the typing rests; an older question is given up.
 */
export function useRuleAnswers(read: Read, days: number) {
  const json = askable(read);
  const rule = useSettled(json, TYPING_MS);
  const isReadable = Object.keys(read.issues).length === 0;
  const isAsked = isReadable && rule === json;
  const preview = useQuery({ ...rulePreview(rule), enabled: isAsked });
  const isFine = preview.isSuccess && !preview.isPlaceholderData;
  const backtest = useQuery({
    ...ruleBacktest(rule, days, Date.now),
    enabled: isAsked && isFine,
  });
  return {
    ...{ preview, backtest, rule },
    issues: { ...issuesOf(isAsked ? preview.error : null), ...read.issues },
    isChecked: isAsked && isFine,
  };
}

export const issuesOf = (error: unknown): Issues =>
  error instanceof ApiError
    ? Object.fromEntries(error.issues.map(({ path, message }) => [path, message]))
    : {};

/** What the API says of a rule that it cannot answer for, which is no failure of anybody's. */
export const refusalOf = (error: unknown): string | null =>
  error instanceof ApiError && error.status === 400 ? error.message : null;
