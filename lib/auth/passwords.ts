export const LEAST_CHARACTERS = 12;
export const MOST_CHARACTERS = 256;

export const PASSWORD_PROBLEMS = {
  short: `At least ${LEAST_CHARACTERS} characters are needed.`,
  long: `At most ${MOST_CHARACTERS} characters are possible.`,
  simple: "This repeats or counts too much; take several words that do not belong together.",
  common:
    "This is among the passwords that are tried first, or close to them; take several words that do not belong together.",
  personal: "This is made of your name, your address or this product's name; take another.",
} as const;
export type PasswordProblem = keyof typeof PASSWORD_PROBLEMS;

const RUNS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** What is plainly wrong with a password, or null. `about` is what its owner is called. */
export function plainProblemOf(password: string, about: readonly string[]): PasswordProblem | null {
  const characters = [...password];
  if (characters.length < LEAST_CHARACTERS) return "short";
  if (characters.length > MOST_CHARACTERS) return "long";
  const text = password.normalize("NFKC").toLowerCase();
  if (isSimple(text)) return "simple";
  return remainsOf(lettersOf(text), namesOf(about)) < 4 ? "personal" : null;
}

/** What a password is not to be made of, the longest first. */
export const namesOf = (about: readonly string[]): string[] =>
  ["watchkeeper", ...about.flatMap(partsOf)].sort((a, b) => b.length - a.length);

const lettersOf = (text: string) => text.replace(/[\d\W_]+/g, "");
const partsOf = (name: string) =>
  name
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((part) => part.length >= 3);

/** How many letters are left once those words are taken out. Text without letters is for `isSimple`. */
function remainsOf(letters: string, words: readonly string[]): number {
  if (letters === "") return Number.POSITIVE_INFINITY;
  let rest = letters;
  for (const word of words) rest = rest.replaceAll(word, " ");
  return rest.replaceAll(" ", "").length;
}

/** Few different characters, one short piece over and over, or mostly a run along alphabet or keyboard. */
function isSimple(text: string): boolean {
  if (new Set(text).size < 5) return true;
  if (/^(.{1,5}?)\1+.{0,4}$/su.test(text)) return true;
  const steps = [...text].slice(1).filter((sign, at) => {
    const pair = `${[...text][at]}${sign}`;
    const back = `${sign}${[...text][at]}`;
    return pair[0] === pair[1] || RUNS.some((run) => run.includes(pair) || run.includes(back));
  });
  return steps.length >= text.length * 0.75;
}
