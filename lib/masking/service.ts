import { record } from "@/lib/audit/service";
import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { BUILTIN, isOnByDefault } from "./builtin";
import { type Masker, maskerOf } from "./masker";
import { faultOf } from "./rules";
import {
  DEFAULT_POLICY,
  type MaskingAnswer,
  type MaskingChange,
  MaskingPolicy,
  type MaskingTest,
  type MaskingTestAnswer,
} from "./schema";
import {
  countWithheld,
  listMasked,
  lockPolicy,
  readPolicy,
  readPolicyFor,
  savePolicy,
} from "./store";
import { tested } from "./tested";

const MOST_READY = 100;
/** Policies made ready, by what they say: compiling one costs more than a batch. */
const ready = new Map<string, Masker>();

/** What holds for items of an origin from now on, in whichever process they come: the same object while it does. */
export async function readMasker(
  origin: { workspace: string; connectionId: string },
  db?: Db,
): Promise<Masker> {
  const { policy, mode } = await readPolicyFor(origin, db);
  const key = JSON.stringify([mode, policy]);
  const known = ready.get(key);
  if (known) return known;
  const parsed = policy === null ? DEFAULT_POLICY : MaskingPolicy.parse(policy);
  const made = maskerOf(parsed, mode ?? parsed.pushed_mode);
  if (ready.size >= MOST_READY) ready.clear();
  ready.set(key, made);
  return made;
}

export async function readMasking(workspace: string): Promise<MaskingAnswer> {
  const policy = (await readPolicy(workspace)) ?? DEFAULT_POLICY;
  return answerOf(policy, await countsOf(workspace));
}

/** Holds for what comes in from then on. Throws `conflict` for another revision than it is based on. */
export async function changeMasking(
  workspace: string,
  { based_on, ...change }: MaskingChange,
  now = new Date(),
): Promise<MaskingAnswer> {
  const fault = faultOf(change.rules);
  if (fault) throw new AppError("invalid", `${fault.path}: ${fault.message}`, { issues: [fault] });
  const saved = await prisma.$transaction(async (tx) => {
    const before = (await lockPolicy(workspace, tx)) ?? DEFAULT_POLICY;
    if (before.revision !== based_on)
      throw new AppError(
        "conflict",
        `Somebody has changed the rules of masking since (revision ${before.revision}, not ${based_on}): read them again and repeat the change.`,
      );
    const after = { ...change, revision: based_on + 1, changed_at: now.toISOString() };
    await savePolicy(workspace, after, tx);
    const target = { id: null, name: `revision ${after.revision}` };
    await record(tx, workspace, { action: "masking.changed", target, before, after });
    return after;
  }, PATIENT);
  return answerOf(saved, await countsOf(workspace));
}

/** What rules would do to a text; nothing of it is kept. */
export async function testMasking(
  workspace: string,
  { text, mode, ...draft }: MaskingTest,
): Promise<MaskingTestAnswer> {
  const saved = (await readPolicy(workspace)) ?? DEFAULT_POLICY;
  const policy = {
    builtin: draft.builtin ?? saved.builtin,
    rules: draft.rules ?? saved.rules,
  };
  const fault = faultOf(policy.rules);
  if (fault) throw new AppError("invalid", `${fault.path}: ${fault.message}`, { issues: [fault] });
  return tested(maskerOf(policy, mode), text);
}

type Counts = Pick<MaskingAnswer, "masked" | "withheld">;

const countsOf = async (workspace: string): Promise<Counts> => ({
  masked: await listMasked(workspace),
  withheld: await countWithheld(workspace),
});

function answerOf(policy: MaskingPolicy, counts: Counts): MaskingAnswer {
  const { revision, changed_at, pushed_mode, rules } = policy;
  return {
    ...{ revision, changed_at, pushed_mode },
    builtin: BUILTIN.map((rule) => ({
      ...{ name: rule.name, title: rule.title, group: rule.group },
      on: policy.builtin[rule.name] ?? isOnByDefault(rule),
      on_by_default: isOnByDefault(rule),
    })),
    ...{ rules, ...counts },
  };
}
