import { ORDER } from "@/components/retention/words";
import type {
  Kind,
  OwnPolicy,
  RetentionAnswer,
  RetentionChange,
  RetentionPolicy,
} from "@/lib/retention/schema";

export type Draft = Pick<RetentionChange, "default" | "pushed" | "connections">;

export const draftOf = (answer: RetentionAnswer): Draft => ({
  default: answer.default,
  pushed: answer.pushed,
  connections: Object.fromEntries(answer.connections.map(({ id, own }) => [id, own])),
});

/** What is saved: connections that are as the default are not named. */
export const changeOf = (draft: Draft, base: RetentionAnswer): RetentionChange => ({
  ...draft,
  connections: Object.fromEntries(
    Object.entries(draft.connections).filter(([, own]) => Object.keys(own).length > 0),
  ),
  based_on: base.revision,
});

export const isChanged = (draft: Draft, base: RetentionAnswer): boolean =>
  JSON.stringify(inOrder(draft)) !== JSON.stringify(inOrder(draftOf(base)));

const inOrder = (draft: Draft) =>
  [draft.default, draft.pushed, ...Object.values(draft.connections)].map((own) =>
    ORDER.map((kind) => own[kind] ?? (kind in own ? "ever" : "default")),
  );

/** One kind set; `undefined` is as the default. */
export function withKind<Policy extends RetentionPolicy | OwnPolicy>(
  policy: Policy,
  kind: Kind,
  days: number | null | undefined,
): Policy {
  const { [kind]: _, ...rest } = policy;
  return (days === undefined ? rest : { ...rest, [kind]: days }) as Policy;
}
