import { describe, test } from "vitest";
import {
  asks,
  at,
  error,
  evaluationEnd,
  idle,
  interrupt,
  message,
  rescheduled,
  running,
  session,
  terminated,
} from "@/tests/support/events";
import { expectOutcome, type OutcomeRow } from "@/tests/support/outcomes";

describe("outcomes of a turn (design §4)", () => {
  const overloaded = "model_overloaded_error";
  const rows: OutcomeRow[] = [
    ["running", [running(0)], { outcome: "running", status: "running" }],
    [
      "rescheduled is running still",
      [running(0), error(1, "retrying"), rescheduled(2)],
      {
        outcome: "running",
        status: "rescheduling",
        outcome_detail: {
          error_type: overloaded,
          message: "Overloaded",
          reason: "rescheduling: the platform tries again by itself",
        },
      },
    ],
    [
      "completed",
      [running(0), idle(5)],
      { outcome: "completed", status: "idle", outcome_detail: null, settled_at: at(5) },
    ],
    [
      "completed after an error that was retried",
      [running(0), error(1, "retrying"), rescheduled(2), running(3), idle(5)],
      { outcome: "completed", failed: false, outcome_detail: null },
    ],
    [
      "retries exhausted, with the error and how often it was tried",
      [running(0), error(1, "retrying"), error(2, "retrying"), error(3, "exhausted")].concat(
        idle(4, "retries_exhausted"),
      ),
      {
        outcome: "retries_exhausted",
        settled_at: at(4),
        outcome_detail: {
          error_type: overloaded,
          message: "Overloaded",
          reason: "model overloaded, 3 tries",
        },
      },
    ],
    [
      "retries exhausted at the first try",
      [
        running(0),
        error(1, "exhausted", "billing_error", "No credit"),
        idle(2, "retries_exhausted"),
      ],
      {
        outcome: "retries_exhausted",
        outcome_detail: {
          error_type: "billing_error",
          message: "No credit",
          reason: "billing, 1 try",
        },
      },
    ],
    [
      "retries exhausted: the error that killed the turn stands, not one retried after it",
      [running(0), error(1, "exhausted"), error(2, "retrying", "repository_clone_error")].concat(
        idle(3, "retries_exhausted"),
      ),
      { outcome: "retries_exhausted", outcome_detail: { error_type: overloaded } },
    ],
    [
      "retries exhausted: tries are counted within the turn",
      [running(0), error(1, "retrying"), idle(2), running(3), error(4, "exhausted")].concat(
        idle(5, "retries_exhausted"),
      ),
      { outcome: "retries_exhausted", outcome_detail: { reason: "model overloaded, 1 try" } },
    ],
    [
      "refused, with the platform's details",
      [
        running(0),
        idle(1, "refusal", {
          stop_details: { type: "refusal", category: "cyber", explanation: "Not this." },
        }),
      ],
      { outcome: "refused", outcome_detail: { category: "cyber", explanation: "Not this." } },
    ],
    [
      "refused without a word",
      [
        running(0),
        idle(1, "refusal", {
          stop_details: { type: "refusal", category: null, explanation: null },
        }),
      ],
      { outcome: "refused", outcome_detail: { category: null, explanation: null } },
    ],
    [
      "terminated by a terminal error",
      [running(0), error(1, "terminal", "unknown_error", "Lost."), terminated(2)],
      {
        outcome: "terminated",
        status: "terminated",
        settled_at: at(2),
        outcome_detail: { error_type: "unknown_error", message: "Lost.", reason: "unknown, 1 try" },
      },
    ],
    [
      "the last turn's outcome is the session's: after a failed one a good one",
      [running(0), idle(1, "retries_exhausted"), running(2), idle(3)],
      { outcome: "completed", turns: 2, settled_at: at(3) },
    ],
    [
      "running again takes the outcome back",
      [running(0), idle(1), running(2)],
      { outcome: "running", settled_at: null },
    ],
    [
      "an idle with a stop reason of the future is not guessed at",
      [running(0), idle(1, "someday")],
      { outcome: "unknown", outcome_detail: { reason: "stop reason someday" } },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));
});

describe("archived sessions keep the outcome they had", () => {
  const archived = (seconds: number) =>
    session({ status: "terminated", updated_at: at(seconds), archived_at: at(seconds) });
  const rows: OutcomeRow[] = [
    [
      "terminated 60 s before archived_at is the archiving",
      [running(0), idle(5), terminated(100), archived(160)],
      { outcome: "completed", settled_at: at(5), archived_at: at(160) },
    ],
    [
      "a microsecond more and it is a death",
      [running(0), idle(5), terminated(100), archived(160.000001)],
      { outcome: "terminated", settled_at: at(100) },
    ],
    [
      "terminated after archived_at is the archiving, however late",
      [running(0), idle(5, "refusal"), terminated(9000), archived(160)],
      { outcome: "refused", settled_at: at(5) },
    ],
    [
      "a death long before the archiving stays a death, though the archiving says terminated again",
      [running(0), idle(5), running(6), terminated(100), terminated(5000), archived(5001)],
      { outcome: "terminated", settled_at: at(100) },
    ],
    [
      "the archiving told twice",
      [running(0), idle(5), terminated(100), terminated(101), archived(110)],
      { outcome: "completed", settled_at: at(5) },
    ],
    [
      "archived without a terminated event",
      [running(0), idle(5, "retries_exhausted"), archived(60)],
      { outcome: "retries_exhausted", settled_at: at(5) },
    ],
    [
      "archived while it waited",
      [running(0), asks(5, "call"), terminated(50), archived(51)],
      { outcome: "waiting" },
    ],
    [
      "archived before anything ran",
      [message(null), terminated(50), archived(51)],
      { outcome: "new" },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));
});

describe("defined outcomes", () => {
  const evaluated = (seconds: number, verdict: string) =>
    evaluationEnd(`eval@${seconds}`, seconds, verdict, { id: `end@${seconds}` });
  const rows: OutcomeRow[] = [
    [
      "satisfied",
      [running(0), evaluated(4, "satisfied"), idle(5)],
      {
        outcome: "completed",
        outcome_detail: {
          result: "satisfied",
          outcome_id: "outc_1",
          explanation: "it is satisfied",
        },
      },
    ],
    [
      "failed",
      [running(0), evaluated(4, "failed"), idle(5)],
      { outcome: "outcome_failed", outcome_detail: { result: "failed" } },
    ],
    [
      "max_iterations_reached",
      [running(0), evaluated(4, "max_iterations_reached"), idle(5)],
      { outcome: "outcome_failed", outcome_detail: { result: "max_iterations_reached" } },
    ],
    [
      "needs_revision decides nothing",
      [running(0), evaluated(4, "needs_revision"), idle(5)],
      { outcome: "completed", outcome_detail: null },
    ],
    [
      "the last evaluation of a turn speaks",
      [running(0), evaluated(3, "failed"), evaluated(4, "satisfied"), idle(5)],
      { outcome: "completed", outcome_detail: { result: "satisfied" } },
    ],
    [
      "it speaks for its turn, whatever the turn's stop reason",
      [running(0), evaluated(4, "satisfied"), idle(5, "budget_reached")],
      { outcome: "completed", outcome_detail: { result: "satisfied" } },
    ],
    [
      "it speaks for its turn though the turn was interrupted",
      [running(0), evaluated(3, "failed"), interrupt(4), idle(5)],
      { outcome: "outcome_failed" },
    ],
    [
      "an unanswered ask comes first",
      [running(0), evaluated(4, "satisfied"), asks(5, "call")],
      { outcome: "waiting" },
    ],
    [
      "running comes first",
      [running(0), evaluated(4, "satisfied"), idle(5), running(6)],
      { outcome: "running" },
    ],
    [
      "it speaks for later turns too",
      [running(0), evaluated(4, "failed"), idle(5), running(6), idle(7)],
      { outcome: "outcome_failed", settled_at: at(7) },
    ],
    [
      "and past a wait in between",
      [running(0), evaluated(1, "failed"), idle(2), running(3), asks(4, "c"), running(5), idle(6)],
      { outcome: "outcome_failed" },
    ],
    ...["retries_exhausted", "refusal", "budget_reached"].map(
      (stop): OutcomeRow => [
        `until a new turn ends otherwise: ${stop}`,
        [
          running(0),
          evaluated(1, "satisfied"),
          idle(2),
          running(3),
          idle(4, stop),
          running(5),
        ].concat(idle(6)),
        { outcome: "completed", outcome_detail: null },
      ],
    ),
    [
      "until a new turn ends otherwise: interrupted",
      [running(0), evaluated(1, "failed"), idle(2), running(3), interrupt(4), idle(5)],
      { outcome: "interrupted" },
    ],
    [
      "an evaluation of a later turn replaces an earlier one's",
      [running(0), evaluated(1, "failed"), idle(2), running(3), evaluated(4, "satisfied"), idle(5)],
      { outcome: "completed" },
    ],
    [
      "a session that died is dead, satisfied or not",
      [running(0), evaluated(1, "satisfied"), idle(2), running(3), terminated(4)],
      { outcome: "terminated" },
    ],
  ];
  test.each(rows)("%s", (_, items, expected) => expectOutcome(items, expected));
});
