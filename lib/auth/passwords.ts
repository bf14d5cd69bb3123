export const LEAST_CHARACTERS = 12;
export const MOST_CHARACTERS = 256;

export const PASSWORD_PROBLEMS = {
  short: `At least ${LEAST_CHARACTERS} characters are needed.`,
  long: `At most ${MOST_CHARACTERS} characters are possible.`,
  simple: "This repeats or counts too much; take several words that do not belong together.",
  common: "This is among the passwords that are tried first; take another.",
  personal: "This is made of your name, your address or this product's name; take another.",
} as const;
export type PasswordProblem = keyof typeof PASSWORD_PROBLEMS;

/**
 * What the passwords at the head of published lists of breached ones are made of, once digits and
 * signs at their ends and the usual swaps (`@` for `a`, `0` for `o`) are undone. Of at least twelve
 * characters, few of them are anything but these, doubled, strung together or filled up with digits.
 */
const COMMON =
  "password passwort passwd pass admin administrator root user login welcome willkommen letmein changeme default secret test testing temp guest master superman batman dragon monkey football baseball basketball soccer hockey princess sunshine shadow michael jordan jennifer daniel ashley jessica charlie thomas robert hunter ranger buster killer trustno starwars pokemon computer internet server system database samsung google facebook iloveyou loveyou love lovely hello whatever freedom summer winter spring autumn january february march april june july august september october november december monday friday qwerty qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qwertyuiop qazwsx qazwsxedc wsx edc abc abcd abcdef cheese chocolate banana cookie flower angel family mustang ferrari porsche mercedes maverick phoenix thunder pepper ginger company office team demo the my new is and for you me it this".split(
    " ",
  );
const WORDS = [...COMMON].sort((a, b) => b.length - a.length);

const SWAPS: Record<string, string> = {
  ...{ "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", $: "s", "5": "s", "7": "t" },
};
const RUNS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** What is wrong with a password, or null. `about` is what its owner is called. */
export function problemOf(password: string, about: readonly string[]): PasswordProblem | null {
  const characters = [...password];
  if (characters.length < LEAST_CHARACTERS) return "short";
  if (characters.length > MOST_CHARACTERS) return "long";
  const text = password.normalize("NFKC").toLowerCase();
  if (isSimple(text)) return "simple";
  const bare = lettersOf(text);
  if (remainsOf(bare, WORDS) < 4 || remainsOf(lettersOf(swapped(text)), WORDS) < 4) return "common";
  const names = ["watchkeeper", ...about.flatMap(partsOf)].sort((a, b) => b.length - a.length);
  return remainsOf(bare, [...names, ...WORDS]) < 4 ? "personal" : null;
}

const lettersOf = (text: string) => text.replace(/[\d\W_]+/g, "");
const swapped = (text: string) => [...text].map((sign) => SWAPS[sign] ?? sign).join("");
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
