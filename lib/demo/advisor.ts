import { addText, createContext } from "@/lib/demo/context";
import { END_TURN } from "@/lib/demo/lane";
import { modelRequest } from "@/lib/demo/model";
import { addLane, type Run } from "@/lib/demo/run";
import { fill } from "@/lib/demo/text";

const ADVISOR = "anthropic.advisor";
const ADVICE = [
  "The plan is sound. Check `{symbol}` in `{path}` first: everything else depends on it.",
  "Stop and ask before touching {table}. The risk is not in the code but in the order of the two steps.",
  "You have enough. Write the answer, name what you did not check, and leave {path} alone.",
];

/** The primary thread, running, asks a stronger model; its thread ends with the advice. */
export function consultAdvisor(run: Run, model: string): void {
  const { random, primary } = run;
  const threadId = run.ids.id("sthr");
  primary.advance(random.int(80_000, 180_000));
  primary.emit({
    agent_name: ADVISOR,
    id: primary.id(),
    processed_at: "",
    session_thread_id: threadId,
    type: "session.thread_created",
    workflow_run_id: null,
  });
  const { context } = primary.spec;
  const lane = addLane(run, {
    threadId,
    name: ADVISOR,
    agent: { model, type: "advisor" },
    model: { id: model },
    kind: "advisor",
    workflowRunId: null,
    createdUs: primary.clockUs,
    context: createContext("off", context.prefixTokens + context.historyTokens, model),
  });
  lane.advance(random.int(60_000, 140_000));
  lane.start();
  lane.advance(random.int(30_000, 80_000));
  const text = fill(random.pick(ADVICE), random, run.facts);
  modelRequest(run, lane, undefined, Math.round(random.logNormal(420, 0.5)));
  const content = [
    run.plan.flags.has("redacted") || random.chance(0.2)
      ? ({ type: "redacted" } as const)
      : ({ text, type: "text" } as const),
  ];
  lane.emit({
    content,
    id: lane.id(),
    processed_at: "",
    to_session_thread_id: primary.spec.threadId,
    type: "agent.thread_message_sent",
  });
  const sentUs = lane.clockUs;
  lane.advance(random.int(30_000, 90_000));
  lane.stop(END_TURN);
  lane.terminate();
  primary.clockUs = Math.max(primary.clockUs, sentUs + random.int(20_000, 160_000));
  primary.emit({
    content,
    from_agent_name: ADVISOR,
    from_session_thread_id: threadId,
    id: primary.id(),
    processed_at: "",
    type: "agent.thread_message_received",
  });
  addText(context, text.length);
  primary.clockUs = Math.max(primary.clockUs, lane.clockUs);
}
