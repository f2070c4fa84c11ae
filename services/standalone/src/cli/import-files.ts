import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DefinitionError, loadFolders } from '@rapport/runtime';
import type { IntakeDto } from '@rapport/service-query';
import { waitForConsumers } from '../demo/consumers.js';
import { ImportFileError } from '../import/file-rows.js';
import { JsonLinesFile } from '../import/json-lines-file.js';
import { loadMapping, UnknownMappingError, type Mapping } from '../import/load-mapping.js';
import { CollectorRefusedError, CollectorUnavailableError } from '../import/send.js';
import { sendImport, type SentImport } from '../import/send-import.js';
import { survey, type Survey } from '../import/survey.js';
import { surveyText } from '../import/survey-text.js';
import { type Endpoints } from '../supervisor/endpoints.js';
import { CommandError } from './command-error.js';
import { endpointsFile, readEndpoints, unreachable, type EndpointOptions } from './endpoints.js';
import { startProgress } from './progress.js';
import { callApi } from './query-api.js';
import { type Terminal } from './terminal.js';

export interface ImportCommandOptions extends EndpointOptions {
  readonly mapping: string;
  readonly dryRun?: boolean;
  readonly strict?: boolean;
  readonly write?: string;
  readonly badRows?: string;
  readonly wait: boolean;
  readonly json?: boolean;
}

/** What `rapport import` does. Errors: `CommandError`. */
export async function importFiles(
  files: readonly string[],
  options: ImportCommandOptions,
  terminal: Terminal,
): Promise<void> {
  // Asked first: nobody waits for a large file to be checked to learn that Rapport is not running.
  const endpoints = sendsNothing(options) ? undefined : await reachable(options);
  try {
    const mapping = await loadMapping(options.mapping, loadFolders());
    await checkAndSend(
      mapping,
      files.map((file) => path.resolve(file)),
      { ...options, to: endpoints, terminal },
    );
  } catch (error) {
    throw mendable(error);
  }
}

interface Run extends ImportCommandOptions {
  readonly to: Endpoints | undefined;
  readonly terminal: Terminal;
}

async function checkAndSend(mapping: Mapping, files: readonly string[], run: Run): Promise<void> {
  const { terminal, to: endpoints } = run;
  const now = Date.now();
  const folder = path.join(path.dirname(endpointsFile(run)), 'imports');
  const badRows = new JsonLinesFile(run.badRows ?? path.join(folder, `${mapping.id}-bad-rows.jsonl`));
  const found = await check(mapping, { files, now }, badRows, run);
  const badRowsFile = found.badRows > 0 && keepsBadRows(run) ? badRows.file : undefined;
  if (!run.json) terminal.print(surveyText(mapping, found, badRowsFile));
  if (run.strict && found.badRows > 0) {
    throw new CommandError(`Nothing was sent: ${found.badRows} rows are bad.`, {
      hint: badRowsFile ? `${badRowsFile} holds each with its reason.` : 'Mend the rows, or leave --strict out.',
    });
  }
  if (endpoints === undefined) {
    if (run.json) terminal.print(JSON.stringify({ ...found, badRowsFile }));
    return;
  }
  if (found.touchpoints === 0 && !run.json) return terminal.print('Nothing to send: no row gives a touchpoint.');
  const before = await duplicatesSince(now, endpoints);
  const sent = await send(mapping, { files, now, folder, found, endpoints, terminal });
  if (run.wait) await waitForConsumers(endpoints.consumers, pause, { longestMs: Infinity });
  const duplicates = run.wait ? (await duplicatesSince(now, endpoints)) - before : undefined;
  if (run.json) terminal.print(JSON.stringify({ ...found, badRowsFile, sent: { ...sent, duplicates } }));
  else terminal.print(sentText({ ...sent, duplicates }, found));
}

/** What resolve dropped since that hour because it had the messageId already; 0 where the key of the API may not ask. */
async function duplicatesSince(time: number, endpoints: Endpoints): Promise<number> {
  const from = new Date(Math.floor(time / hourMs) * hourMs).toISOString();
  try {
    const answer = await callApi(endpoints, { path: `/v1/accounting?from=${from}` });
    const hours = (await answer.json()) as readonly IntakeDto[];
    return hours.reduce((sum, { duplicates }) => sum + duplicates, 0);
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 1) return 0;
    throw error;
  }
}

const hourMs = 3_600_000;

async function check(
  mapping: Mapping,
  { files, now }: { readonly files: readonly string[]; readonly now: number },
  badRows: JsonLinesFile,
  run: Run,
): Promise<Survey> {
  const progress = startProgress(run.terminal, 'Checking %', 100);
  const written = run.write === undefined ? undefined : new JsonLinesFile(run.write);
  try {
    return await survey(mapping, {
      ...{ files, now, onProgress: (share) => progress.update(Math.floor(share * 100)) },
      onTouchpoint: written && ((message) => written.add(message)),
      onBadRow: keepsBadRows(run) ? ({ kind: _kind, ...row }) => badRows.add(row) : undefined,
    });
  } finally {
    progress.stop();
    await badRows.close();
    await written?.close();
  }
}

/** A dry run leaves no file behind that nobody asked for. */
function keepsBadRows({ dryRun, badRows }: ImportCommandOptions): boolean {
  return dryRun !== true || badRows !== undefined;
}

function sendsNothing({ dryRun, write }: ImportCommandOptions): boolean {
  return dryRun === true || write !== undefined;
}

async function send(
  mapping: Mapping,
  run: {
    readonly files: readonly string[];
    readonly now: number;
    readonly folder: string;
    readonly found: Survey;
    readonly endpoints: Endpoints;
    readonly terminal: Terminal;
  },
): Promise<SentImport & { readonly seconds: number }> {
  const { files, now, found, endpoints, terminal } = run;
  const progress = startProgress(terminal, 'Sending', found.touchpoints);
  const started = performance.now();
  let acknowledged = 0;
  try {
    const sent = await sendImport(mapping, {
      ...{ files, now, fingerprint: found.fingerprint, collector: endpoints },
      folder: path.join(run.folder, `${mapping.id}-${found.fingerprint.slice(0, 12)}`),
      onResumed: (touchpoints) => progress.resumeAt((acknowledged = touchpoints)),
      onAcknowledged: (touchpoints) => progress.update((acknowledged = touchpoints)),
    });
    return { ...sent, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    if (!(error instanceof CollectorUnavailableError || error instanceof CollectorRefusedError)) throw error;
    throw new CommandError(`Sending stopped after ${acknowledged} touchpoints: ${error.message}`, {
      hint: 'Start the same import again when this is mended: it goes on where it stopped.',
      cause: error,
    });
  } finally {
    progress.stop();
  }
}

interface Told extends SentImport {
  readonly seconds: number;
  /** Undefined where nobody waited for it. */
  readonly duplicates: number | undefined;
}

function sentText(
  { touchpoints, resumedAt, rejected, suppressed, seconds, duplicates = 0 }: Told,
  found: Survey,
): string {
  const number = (value: number) => value.toLocaleString('en');
  if (resumedAt === found.touchpoints) return 'Nothing to do: an earlier import sent all of these touchpoints.';
  const lines = [`${number(touchpoints)} touchpoints sent in ${seconds.toFixed(1)} s.`];
  if (resumedAt > 0) lines.unshift(`An earlier run had sent ${number(resumedAt)}.`);
  if (duplicates > 0)
    lines.push(
      `${number(duplicates)} had been received before under the same messageId and stay what they were, whatever the file says now (docs/import.md).`,
    );
  if (suppressed > 0)
    lines.push(
      `${number(suppressed)} name somebody on the suppression list and were left out: rapport suppressions list`,
    );
  if (rejected > suppressed)
    lines.push(
      `${number(rejected - suppressed)} were refused: rapport sql "SELECT reason, detail, count() FROM rejected_touchpoints GROUP BY ALL"`,
    );
  return lines.join('\n');
}

async function reachable(options: EndpointOptions): Promise<Endpoints> {
  const endpoints = await readEndpoints(options);
  await fetch(`${endpoints.http}/health/live`).catch((error: unknown) => {
    throw unreachable(endpoints.http, error);
  });
  return endpoints;
}

function mendable(error: unknown): unknown {
  if (error instanceof UnknownMappingError) {
    const hint = `Name a YAML file (docs/import.md says how to write one), or one that ships: ${error.shipped.join(', ')}.`;
    return new CommandError(error.message, { hint, cause: error });
  }
  if (error instanceof ImportFileError || error instanceof DefinitionError) {
    return new CommandError(error.message, { cause: error });
  }
  return error;
}
