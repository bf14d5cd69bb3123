/** How much of what was found is what it looks like: its longest beginning that ends where a group does; 0 of none. */
export type ValidLength = (found: string) => number;

const ZERO = 48;

/** The Luhn digit of a card number, which may be written in groups: of all beginnings at once. */
export const cardLength: ValidLength = (found) => {
  let [longest, digits, evens, odds, different] = [0, 0, 0, 0, 0];
  for (let at = 0; at < found.length; at++) {
    const digit = found.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) continue;
    const doubled = digit > 4 ? digit * 2 - 9 : digit * 2;
    // The last digit counts once, the one before it twice: which ones do depends on how many there are.
    evens += digits % 2 === 0 ? doubled : digit;
    odds += digits % 2 === 1 ? doubled : digit;
    if (found.charCodeAt(at) !== found.charCodeAt(0)) different++;
    digits++;
    const sum = digits % 2 === 0 ? evens : odds;
    const isEnd = at === found.length - 1 || found[at + 1] === " " || found[at + 1] === "-";
    if (isEnd && digits >= 13 && digits <= 19 && different > 0 && sum % 10 === 0) longest = at + 1;
  }
  return longest;
};

/** The same of what has to be looked at whole. */
export const longest =
  (isValid: (text: string) => boolean): ValidLength =>
  (found) => {
    for (let end = found.length; end > 0; end--) {
      const isEnd = end === found.length || found[end] === " " || found[end] === "-";
      if (isEnd && isValid(found.slice(0, end))) return end;
    }
    return 0;
  };

/** ISO 7064, mod 97: the check digits go last, letters count from 10. */
export function isIban(text: string): boolean {
  const plain = text.replace(/ /g, "");
  if (plain.length < 15 || plain.length > 34) return false;
  let rest = 0;
  for (const letter of plain.slice(4) + plain.slice(0, 4))
    for (const digit of Number.parseInt(letter, 36).toString())
      rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/** Said to be international, or written as people write them: other runs of digits are anything. */
export function isPhone(text: string): boolean {
  if (text.length < 8) return false;
  const digits = text.replace(/\D/g, "").length;
  if (digits < 8 || digits > 15) return false;
  if (text.startsWith("+")) return true;
  return /^(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}$/.test(text);
}
