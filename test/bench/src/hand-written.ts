/** Begins the part of a bench page that people write: all below it stays when the bench writes the page again. */
export const handWrittenFrom = '<!-- Written by hand from here on; the bench leaves it as it is. -->';

/** `page` with the hand-written part of what stood there before. */
export function withHandWritten(page: string, before: string): string {
  const at = before.indexOf(handWrittenFrom);
  return at < 0 ? page : `${page.trimEnd()}\n\n${before.slice(at)}`;
}
