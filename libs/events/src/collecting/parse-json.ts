/** Stands before the text of a number that no double can hold; a noncharacter, so no sender's text begins with it. */
export const numberTextMark = '\uFDD0';

export interface ParsedJson {
  readonly value: unknown;
  /** False when a look at the text already shows that no value needs mending, which is nearly always. */
  readonly mayNeedMending: boolean;
}

const byteOrderMark = '\uFEFF';
const longNumber = /[:,[]\s*-?(?:\d{16}|\d+(?:\.\d+)?[eE])/;
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON text without losing digits: numbers beyond double precision become marked texts, which `mend` turns into
 * plain texts with a flag. `undefined` when the text is not JSON.
 */
export function parseJson(text: string): ParsedJson | undefined {
  const json = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  try {
    const value: unknown = JSON.parse(json);
    if (longNumber.test(json)) {
      const marked = json.replace(stringOrNumber, markUnsafeNumber);
      return { value: marked === json ? value : JSON.parse(marked), mayNeedMending: true };
    }
    return { value, mayNeedMending: hasMendableText(json) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * NUL and lone surrogates can only be written as escapes in JSON; the dangerous keys (`__proto__`, `constructor`) only plainly
 * or with escapes. Of these a part is looked for that begins with a rare letter: every body is searched.
 */
function hasMendableText(json: string): boolean {
  return json.includes('\\u') || json.includes('__pro') || json.includes('uctor"') || json.includes(numberTextMark);
}

function markUnsafeNumber(token: string): string {
  if (token.startsWith('"')) return token;
  return Math.abs(Number(token)) <= Number.MAX_SAFE_INTEGER ? token : `"${numberTextMark}${token}"`;
}
