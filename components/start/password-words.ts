import { PASSWORD_PROBLEMS } from "@/lib/auth/passwords";

const WORDS: Record<string, string> = PASSWORD_PROBLEMS;

/** What to say at the password's field of a form that came back with `error`. */
export const passwordError = (error: string | null): string | null =>
  error === null ? null : (WORDS[error] ?? null);
