/** What a search asks for. All of it must stand in one title or message; `prefix` begins a word of it. */
export type SearchWords = {
  words: string | null;
  phrases: string[];
  prefix: string | null;
  /** The whole text when it could be an id, or the beginning of one. */
  id: string | null;
};

/** `fix "disk full" inv` → the word fix, the phrase "disk full", and any word that begins with inv. */
export function parseSearch(text: string): SearchWords {
  const phrases: string[] = [];
  const rest = text.replace(/"([^"]*)"/g, (_, phrase: string) => {
    if (phrase.trim() !== "") phrases.push(phrase.trim());
    return " ";
  });
  const words = rest.split(/[\s"]+/).filter((word) => word !== "");
  const endsOpen = /[^\s"]$/.test(text);
  const prefix = endsOpen ? (words.pop() ?? null) : null;
  const trimmed = text.trim();
  return {
    words: words.length > 0 ? words.join(" ") : null,
    phrases,
    prefix,
    id: /^[^\s"]{3,}$/.test(trimmed) ? trimmed : null,
  };
}

/** Text to stand in a LIKE pattern for itself. */
export function likeText(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}
