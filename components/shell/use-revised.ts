import {
  type FetchQueryOptions,
  type QueryKey,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiError } from "@/lib/http/client";

type Revised<Answer, Draft, Key extends QueryKey> = {
  answer: Answer;
  query: FetchQueryOptions<Answer, Error, Answer, Key>;
  draftOf(answer: Answer): Draft;
  isChanged(draft: Draft, base: Answer): boolean;
  save(draft: Draft, base: Answer): Promise<Answer>;
};

/** What `SaveBar` shows of a draft. */
export type DraftState = {
  touched: boolean;
  isSaving: boolean;
  isSaved: boolean;
  error: Error | null;
  /** Somebody else has saved meanwhile. */
  isBehind: boolean;
  undo(): void;
  showNewest(): void;
};

/** Settings with a revision, as somebody changes them. What others save meanwhile is told as a conflict, and is not lost. */
export function useRevised<Answer extends { revision: number }, Draft, Key extends QueryKey>({
  answer,
  query,
  draftOf,
  isChanged,
  save,
}: Revised<Answer, Draft, Key>) {
  const [base, setBase] = useState(answer);
  const [draft, setDraft] = useState(() => draftOf(answer));
  const client = useQueryClient();
  const key: QueryKey = query.queryKey;
  const start = (from: Answer) => {
    setBase(from);
    setDraft(draftOf(from));
  };
  const saving = useMutation({
    mutationFn: () => save(draft, base),
    onSuccess: (saved) => {
      client.setQueryData<Answer>(key, saved);
      start(saved);
    },
  });
  const { error } = saving;
  const issues = error instanceof ApiError ? error.issues : [];
  const isConflict = error instanceof ApiError && error.code === "conflict";
  const touched = isChanged(draft, base);
  const state: DraftState = {
    ...{ touched, error, isSaving: saving.isPending, isSaved: saving.isSuccess && !touched },
    isBehind: isConflict || answer.revision !== base.revision,
    undo: () => start(answer),
    showNewest: async () => {
      saving.reset();
      start(await client.fetchQuery({ ...query, staleTime: 0 }));
    },
  };
  return {
    ...{ base, draft, state },
    issues: Object.fromEntries(issues.map(({ path, message }) => [path, message])),
    change: (next: Partial<Draft>) => {
      saving.reset();
      setDraft((before) => ({ ...before, ...next }));
    },
    submit: (event: FormEvent) => {
      event.preventDefault();
      saving.mutate();
    },
  };
}
