import { findDuplicates } from '@rapport/identity';
import { duplicatesData } from './duplicates-data.js';
import { qualityOf, type QualityFound } from './match-quality.js';

export interface DuplicatesFound extends QualityFound {
  readonly records: number;
  readonly candidates: number;
  readonly neededBits: number;
  readonly cpuSeconds: number;
  /** By how much the search raised the most that the process ever had. */
  readonly memoryBytes: number;
}

/** One search in a process of its own, so that its memory is nobody else's. */
const data = duplicatesData.get(process.argv[2] ?? '')?.();
if (data === undefined) throw new Error(`there is no data called ${process.argv[2]}`);
const { people, rules } = data;
const [memoryBefore, cpuBefore] = [process.resourceUsage().maxRSS, process.cpuUsage()];
const report = findDuplicates(people.records, rules);
const { user, system } = process.cpuUsage(cpuBefore);
const found: DuplicatesFound = {
  ...qualityOf(report, people.truth),
  records: report.records,
  candidates: report.candidates,
  neededBits: report.neededBits,
  cpuSeconds: (user + system) / 1e6,
  memoryBytes: (process.resourceUsage().maxRSS - memoryBefore) * 1024,
};
process.stdout.write(JSON.stringify(found));
