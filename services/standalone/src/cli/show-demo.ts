import path from 'node:path';
import { DefinitionError, loadFolders } from '@rapport/runtime';
import { summarize, summaryText } from '../demo/history-summary.js';
import { shiftedTo, type ShopHistory } from '../demo/history.js';
import { onlineRetailHistory, onlineRetailMapping } from '../demo/online-retail.js';
import { resultText, runDemo } from '../demo/run-demo.js';
import { generateShop } from '../demo/shop-generator.js';
import { whereToLookNext } from '../demo/where-to-look-next.js';
import { ImportFileError } from '../import/file-rows.js';
import { loadMapping } from '../import/load-mapping.js';
import { CommandError } from './command-error.js';
import { readEndpoints, type EndpointOptions } from './endpoints.js';
import { startProgress } from './progress.js';
import { type Terminal } from './terminal.js';

export interface DemoOptions extends EndpointOptions {
  readonly onlineRetail?: string;
  readonly seed: number;
  readonly customers: number;
  readonly shiftToNow?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** The generated shop ends here unless it is moved: the same history for everyone. */
const endOfGeneratedShop = Date.UTC(2025, 11, 31, 23, 59, 59, 999);
const monthsOfGeneratedShop = 13;

/** What `rapport demo` does. Errors: `CommandError`. */
export async function showDemo(options: DemoOptions, terminal: Terminal): Promise<void> {
  // Asked first: nobody waits for half a million lines to learn that Rapport is not running.
  const endpoints = options.dryRun ? undefined : await readEndpoints(options);
  const history = await historyOf(options, terminal);
  const summary = summarize(history);
  if (endpoints === undefined) {
    terminal.print(options.json ? JSON.stringify({ ...summary, notes: history.notes }) : summaryText(history, summary));
    return;
  }
  if (!options.json) terminal.print(`${summaryText(history, summary)}\n`);
  const result = await runDemo(history, endpoints, terminal, { present: options.shiftToNow === true });
  if (options.json) terminal.print(JSON.stringify(result));
  else terminal.print(`\n${resultText(result, terminal)}\n\n${whereToLookNext(history, endpoints.http)}`);
}

async function historyOf(options: DemoOptions, terminal: Terminal): Promise<ShopHistory> {
  const history = options.onlineRetail
    ? await readOnlineRetail(path.resolve(options.onlineRetail), terminal)
    : generateShop({
        seed: options.seed,
        customers: options.customers,
        end: endOfGeneratedShop,
        months: monthsOfGeneratedShop,
      });
  return options.shiftToNow ? shiftedTo(history, Date.now()) : history;
}

async function readOnlineRetail(file: string, terminal: Terminal): Promise<ShopHistory> {
  const progress = startProgress(terminal, 'Reading %', 100);
  try {
    const mapping = await loadMapping(onlineRetailMapping, loadFolders());
    return await onlineRetailHistory(mapping, file, {
      now: Date.now(),
      onProgress: (share) => progress.update(Math.floor(share * 100)),
    });
  } catch (error) {
    if (error instanceof ImportFileError || error instanceof DefinitionError) {
      throw new CommandError(error.message, { cause: error });
    }
    throw error;
  } finally {
    progress.stop();
  }
}
