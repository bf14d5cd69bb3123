import type { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { namesOf, type PasswordProblem, plainProblemOf } from "./passwords";

/** What a thief of the hashes would have to try, as zxcvbn counts it: its "very unguessable" begins here. */
const LEAST_GUESSES_LOG10 = 10;
/** The time to count grows with the square of the length, and these decide. */
const MOST_JUDGED = 32;

// One for the process: the lists are large, and passwords are set rarely.
const kept = globalThis as { watchkeeperGuesses?: Promise<ZxcvbnFactory> };

/** With the passwords at the head of published lists of breached ones, words, names and keyboards; offline. */
async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  return new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
  });
}

/** What is wrong with a password, or null. `about` is what its owner is called. */
export async function problemOf(
  password: string,
  about: readonly string[],
): Promise<PasswordProblem | null> {
  const plain = plainProblemOf(password, about);
  if (plain) return plain;
  kept.watchkeeperGuesses ??= load();
  const judge = await kept.watchkeeperGuesses;
  const text = [...password.normalize("NFKC")].slice(0, MOST_JUDGED).join("");
  const { guessesLog10 } = judge.check(text, namesOf(about));
  return guessesLog10 < LEAST_GUESSES_LOG10 ? "common" : null;
}
