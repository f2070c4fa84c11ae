import type { QualityDto } from '@rapport/service-query';
import { Command } from 'commander';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { callApi } from '../query-api.js';
import { shareText } from '../share-text.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface QualityOptions extends EndpointOptions {
  readonly json?: boolean;
}

/** `rapport quality`: how good the data is that each source sends. */
export function qualityCommand(terminal: Terminal): Command {
  const command = new Command('quality')
    .description('completeness, freshness, violations of the tracking plan, duplicates, unused traits')
    .option('--json', 'print JSON on one line');
  return withEndpointOptions(command).action(async (options: QualityOptions) => {
    const answer = await callApi(await readEndpoints(options), { path: '/v1/quality' });
    const quality = (await answer.json()) as QualityDto;
    terminal.print(options.json ? JSON.stringify(quality) : reportOf(quality));
  });
}

const shown = 20;
const right = (title: string) => ({ title, align: 'right' as const });

function reportOf({ sources, violations, refusals, incomplete, unusedTraits }: QualityDto): string {
  const bySource = textTable(
    [
      { title: 'source' },
      ...['touchpoints', 'rejected', 'duplicates', 'break the plan', 'mended', 'identified'].map(right),
      { title: 'last received' },
    ],
    sources.map((each) => [
      ...[each.source, each.touchpoints.toLocaleString('en')],
      ...[each.rejectionRate, each.duplicateRate, each.violationRate, each.mendedRate, each.identifiedRate].map(
        shareText,
      ),
      each.lastReceivedAt ?? 'never',
    ]),
  );
  const parts = [bySource];
  const add = (title: string, table: string): void => void parts.push(`\n${title}\n${table}`);
  if (violations.length > 0) {
    const rows = violations
      .slice(0, shown)
      .map(({ source, event, rule, touchpoints }) => [source, event, rule, touchpoints.toLocaleString('en')]);
    add(
      'Breaks the tracking plan',
      textTable([{ title: 'source' }, { title: 'event' }, { title: 'rule' }, right('touchpoints')], rows),
    );
  }
  if (refusals.length > 0) {
    const rows = refusals
      .slice(0, shown)
      .map(({ source, reason, detail, touchpoints }) => [source, reason, touchpoints.toLocaleString('en'), detail]);
    const columns = [{ title: 'source' }, { title: 'reason' }, right('touchpoints'), { title: 'what to mend' }];
    add('Refused', textTable(columns, rows));
  }
  if (incomplete.length > 0) {
    const rows = incomplete
      .slice(0, shown)
      .map(({ source, event, property, completeness }) => [source, event, property, shareText(completeness)]);
    add(
      'Does not always come',
      textTable([{ title: 'source' }, { title: 'event' }, { title: 'property' }, right('complete')], rows),
    );
  }
  if (unusedTraits.length > 0) {
    const rows = unusedTraits.slice(0, shown).map(({ trait, profiles }) => [trait, profiles.toLocaleString('en')]);
    add('Traits that no definition names', textTable([{ title: 'trait' }, right('profiles')], rows));
  }
  return parts.join('\n');
}
