/** `describe`; where something is missing, a `describe.skip` that says so in one line of the run's output. */
export function describeUnless(missing: string | undefined): jest.Describe {
  if (missing === undefined) return describe;
  process.stderr.write(`Skipped: ${missing}\n`);
  return describe.skip;
}
