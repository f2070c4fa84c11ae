/** Progress, for whoever watches. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
