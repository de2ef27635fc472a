/**
 * How go-yaml 3 sorts the keys of a map: numbers by their value, and signs before letters
 * (https://github.com/go-yaml/yaml/blob/v3/sorter.go).
 */
export function naturally(one: string, other: string): number {
  const [left, right] = [partsOf(one), partsOf(other)];
  let afterDigit = false;
  for (const [i, a] of left.entries()) {
    const b = right[i];
    if (b === undefined) return 1;
    if (a !== b) return comparePart(a, b, afterDigit);
    afterDigit = isNumber(a);
  }
  return left.length - right.length;
}

/** Digits that follow each other are one part, every other letter is one. */
const partsOf = (text: string): string[] => text.match(/\d+|\D/gu) ?? [];

function comparePart(a: string, b: string, afterDigit: boolean): number {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b) || a.length - b.length;
  if (isLetter(a) !== isLetter(b)) return isLetter(a) === afterDigit ? -1 : 1;
  if (isNumber(a) !== isNumber(b)) return isNumber(b) ? -1 : 1;
  return a < b ? -1 : 1;
}

const isNumber = (part: string): boolean => /^\d/.test(part);
const isLetter = (part: string): boolean => /^\p{L}/u.test(part);
