import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScorecardDto } from '@rapport/service-query';
import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { reasonOf } from '../files.js';
import { callApi } from '../query-api.js';
import { type Terminal } from '../terminal.js';
import { scorecardText } from '../../scorecard/scorecard-text.js';

interface ScorecardOptions extends EndpointOptions {
  readonly period: string;
  readonly html?: string | false;
  readonly json?: boolean;
}

/** `rapport scorecard --period 2010-11`: prints the relationship scorecard, and writes it as a page with charts. */
export function scorecardCommand(terminal: Terminal): Command {
  const command = new Command('scorecard')
    .description('print the relationship scorecard of a period, and write it as an HTML page with charts')
    .requiredOption('--period <period>', 'for example 2010-11, 2010-Q4, 2010-W45 or 2010')
    .option('--html <file>', 'where to write the page (default: scorecard-<period>.html)')
    .option('--no-html', 'write no page')
    .option('--json', 'print JSON on one line');
  return withEndpointOptions(command).action(async (options: ScorecardOptions) => {
    const endpoints = await readEndpoints(options);
    const scorecard = (await (
      await callApi(endpoints, { path: `/v1/scorecard?period=${encodeURIComponent(options.period)}` })
    ).json()) as ScorecardDto;
    terminal.print(options.json ? JSON.stringify(scorecard) : scorecardText(scorecard));
    if (options.html === false) return;
    const file = path.resolve(options.html ?? `scorecard-${options.period.replaceAll('/', '-')}.html`);
    // Charts need a large library, which a question without a page does not wait for.
    const { scorecardPage } = await import('../../scorecard/scorecard-page.js');
    const page = await scorecardPage(scorecard);
    await writeFile(file, page).catch((cause: unknown) => {
      throw new CommandError(`The page cannot be written to ${file}: ${reasonOf(cause)}.`, {
        hint: 'Name another file with --html, or none with --no-html.',
        cause,
      });
    });
    terminal.note(`Page with charts: ${file}`);
  });
}
