import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { duplicatesFrom, findDuplicates, type DuplicateRules, type DuplicatesFile } from '@rapport/identity';
import { parse } from 'yaml';
import { fake1000Rules, febrlRules, isHere, readFake1000, readFebrl, type KnownPeople } from './known-people.js';
import { qualityOf, type Quality } from './match-quality.js';
import { shopPeople } from './population.js';
import { say } from './say.js';
import type { BenchSection } from './sections.js';

export function shippedRules(): DuplicateRules {
  const file = new URL('../../../deploy/definitions/duplicates/people.yaml', import.meta.url);
  return duplicatesFrom(parse(readFileSync(file, 'utf8')) as DuplicatesFile).rules;
}

export const duplicatesSection: BenchSection = {
  name: 'duplicates',
  title: 'probable duplicates',
  summary: 'quality and cost of finding probable duplicates, on data with known truth and generated shops',
  measure: async () => {
    const shipped = shippedRules();
    const lines = [
      ...(isHere
        ? [
            measure('febrl1', readFebrl('febrl1'), febrlRules),
            measure('febrl3', readFebrl('febrl3'), febrlRules),
            measure('fake_1000', readFake1000(), fake1000Rules),
          ]
        : []),
      ...[1_000, 10_000, 50_000].map((count) =>
        measure(`shop of ${count.toLocaleString('en')}`, shopPeople(count, shipped), shipped),
      ),
    ];
    return `
| data | records | candidates | bits needed | pairs: precision | recall | F1 | F1 alone | clusters: precision | recall | F1 | CPU time | memory |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}

febrl1, febrl3 and fake_1000 are public data sets with known truth. The shops are generated: common and rare names, families that
share name and address, second records with typing errors, short names, other email addresses and missing values. Pairs are the
suggestions, which are all pairs of each group, against all true pairs; alone are those of them whose own evidence would do, without the
others of their group. A cluster is right that holds all records of one person and nobody else's: it is found or it is not, so these figures
are the hardest. Nothing was learned from the truth. The bits of evidence
a suggestion needs grow with the logarithm of the number of records. Memory is what the heap grew by.
`;
  },
};

function measure(name: string, { records, truth }: KnownPeople, rules: DuplicateRules): string {
  say(`duplicates: ${name}`);
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
  const report = findDuplicates(records, rules);
  const cpu = process.cpuUsage(cpuBefore);
  say(`  ${Math.round(performance.now() - startedAt)} ms`);
  const heap = process.memoryUsage().heapUsed - heapBefore;
  const { pairs, alone, people } = qualityOf(report, truth);
  const cells = [
    ...[
      name,
      records.length.toLocaleString('en'),
      report.candidates.toLocaleString('en'),
      report.neededBits.toFixed(1),
    ],
    ...[...figures(pairs), alone.f1.toFixed(4), ...figures(people)],
    ...[`${((cpu.user + cpu.system) / 1e6).toFixed(1)} s`, `${Math.max(1, Math.round(heap / 2 ** 20))} MB`],
  ];
  return `| ${cells.join(' | ')} |`;
}

function figures({ precision, recall, f1 }: Quality): string[] {
  return [precision, recall, f1].map((figure) => figure.toFixed(4));
}
