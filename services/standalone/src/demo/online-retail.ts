import { type Mapping } from '../import/load-mapping.js';
import { ImportFileError } from '../import/file-rows.js';
import { touchpointsOf, type ImportOptions } from '../import/touchpoints-of.js';
import { inOrderOfTime, type DemoMessage, type DemoTouchpoint, type ShopHistory } from './history.js';

/** Id of the shipped mapping that reads the file; what it leaves out and why stands there. */
export const onlineRetailMapping = 'online-retail';

/**
 * UCI Online Retail as `rapport import` reads it: the same touchpoints under the same ids, so that a folder which has them from one
 * takes them from the other once. A demo has no file for bad rows: the first one ends it. Errors: `ImportFileError`.
 */
export async function onlineRetailHistory(
  mapping: Mapping,
  file: string,
  options: Omit<ImportOptions, 'files'>,
): Promise<ShopHistory> {
  const touchpoints: DemoTouchpoint[] = [];
  const leftOut = new Map<string, number>();
  let rows = 0;
  for await (const imported of touchpointsOf(mapping, { ...options, files: [file] })) {
    if (imported.kind === 'row') rows++;
    else if (imported.kind === 'left-out') leftOut.set(imported.because, (leftOut.get(imported.because) ?? 0) + 1);
    else if (imported.kind === 'touchpoint') {
      // The mapping names users by text and times by ISO text.
      touchpoints.push({ person: imported.person, message: imported.message as unknown as DemoMessage });
    } else {
      throw new ImportFileError(`${file} line ${imported.line}: ${[imported.at, imported.reason].join(' ').trim()}`);
    }
  }
  return {
    title: mapping.title,
    messageIdPrefix: `${mapping.id}:`,
    currency: 'GBP',
    touchpoints: inOrderOfTime(touchpoints),
    notes: [
      `${rows.toLocaleString('en')} lines read.`,
      ...[...leftOut].map(([because, lines]) => `${lines.toLocaleString('en')} left out: ${because}.`),
      ...(mapping.conventions ?? []),
    ],
  };
}
