/** The Luhn digit of a card number, which may be written in groups. */
export function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1*$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

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
  const digits = text.replace(/\D/g, "").length;
  if (digits < 8 || digits > 15) return false;
  if (text.startsWith("+")) return true;
  return /^(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}$/.test(text);
}
