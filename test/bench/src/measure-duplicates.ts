import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { duplicatesData } from './duplicates-data.js';
import type { DuplicatesFound } from './duplicates-process.js';
import type { Quality } from './match-quality.js';
import { say } from './say.js';
import type { BenchSection } from './sections.js';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./duplicates-process.js', import.meta.url));

export const duplicatesSection: BenchSection = {
  name: 'duplicates',
  title: 'probable duplicates',
  summary: 'quality and cost of finding probable duplicates, on data with known truth and generated shops',
  measure: async () => {
    const lines: string[] = [];
    for (const name of duplicatesData.keys()) lines.push(await lineOf(name));
    return `
| data | records | candidates | bits needed | pairs: precision | recall | F1 | F1 alone | clusters: precision | recall | F1 | CPU time | memory |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}

febrl1, febrl3 and fake_1000 are public data sets with known truth. The shops are generated: common and rare names, families that
share name and address, second records with typing errors, short names, other email addresses and missing values. Pairs are the
suggestions, which are all pairs of each group, against all true pairs; alone are those of them whose own evidence would do, without the
others of their group. A cluster is right that holds all records of one person and nobody else's: it is found or it is not, so these figures
are the hardest. Nothing was learned from the truth. The bits of evidence
a suggestion needs grow with the logarithm of the number of records. Memory is by how much the search raises the most that its process
ever had (resident, with what the garbage collector leaves for later).
`;
  },
};

async function lineOf(name: string): Promise<string> {
  say(`duplicates: ${name}`);
  const { stdout } = await run(process.execPath, [program, name]);
  const { records, candidates, neededBits, pairs, alone, people, cpuSeconds, memoryBytes } = JSON.parse(
    stdout,
  ) as DuplicatesFound;
  const cells = [
    ...[name, records.toLocaleString('en'), candidates.toLocaleString('en'), neededBits.toFixed(1)],
    ...[...figures(pairs), alone.f1.toFixed(4), ...figures(people)],
    ...[`${cpuSeconds.toFixed(1)} s`, `${Math.round(memoryBytes / 2 ** 20)} MB`],
  ];
  return `| ${cells.join(' | ')} |`;
}

function figures({ precision, recall, f1 }: Quality): string[] {
  return [precision, recall, f1].map((figure) => figure.toFixed(4));
}
