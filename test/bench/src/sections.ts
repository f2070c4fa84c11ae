import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { withHandWritten } from './hand-written.js';
import { machine } from './report.js';
import { say } from './say.js';

/** A bench of one part, with a page of its own: `docs/bench/<name>.md`. */
export interface BenchSection {
  readonly name: string;
  readonly title: string;
  /** What it measures, in the usage text. */
  readonly summary: string;
  /** Measures, and gives the text of the page below its title. */
  readonly measure: (folder: string) => Promise<string>;
}

/** Writes the section's page; what people wrote on it stays. */
export async function runSection(section: BenchSection, folder: string, date: string): Promise<void> {
  const file = fileURLToPath(new URL(`../../../docs/bench/${section.name}.md`, import.meta.url));
  const before = loadavg()[0] ?? 0;
  const text = await section.measure(folder);
  const page = `# Bench: ${section.title}

Written by \`npm run bench -- --only ${section.name}\` on ${date}. Machine: ${machine()}; load average
before it began, from other work: ${before.toFixed(1)}.

${text}`;
  const stood = existsSync(file) ? await readFile(file, 'utf8') : '';
  const formatted = await format(withHandWritten(page, stood), { ...(await resolveConfig(file)), parser: 'markdown' });
  process.stdout.write(`\n${formatted}`);
  await writeFile(file, formatted);
  say(`written to ${file}`);
}
