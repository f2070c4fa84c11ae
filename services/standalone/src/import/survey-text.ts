import { textTable } from '../cli/text-table.js';
import { type Mapping } from './load-mapping.js';
import { type Survey } from './survey.js';

const number = (value: number) => value.toLocaleString('en');

/** What an import found, for people. Values of bad rows are not repeated here. */
export function surveyText(mapping: Mapping, found: Survey, badRowsFile: string | undefined): string {
  return [
    `${mapping.title}${found.first ? `: ${found.first.slice(0, 10)} to ${String(found.last).slice(0, 10)}` : ''}`,
    `${number(found.rows)} rows give ${number(found.touchpoints)} touchpoints of ${number(found.people)} people.`,
    ...(mapping.conventions ?? []).map((convention) => `- ${convention}`),
    ...[byEvent(found), leftOut(found), badRows(found, badRowsFile), repeated(found)].flat(),
    ...examples(found),
  ].join('\n');
}

function byEvent({ byEvent: counts }: Survey): string[] {
  const rows = Object.entries(counts).map(([event, count]) => [event, number(count)]);
  return rows.length === 0 ? [] : ['', textTable([{ title: 'touchpoint' }, { title: 'count', align: 'right' }], rows)];
}

function leftOut({ leftOut: counts }: Survey): string[] {
  const rows = Object.entries(counts).map(([because, count]) => [because, number(count)]);
  return rows.length === 0 ? [] : ['', textTable([{ title: 'left out' }, { title: 'rows', align: 'right' }], rows)];
}

function badRows({ badRows: count, badReasons }: Survey, file: string | undefined): string[] {
  if (count === 0) return [];
  const rows = badReasons
    .slice(0, 20)
    .map(({ at, reason, rows, firstFile, firstLine }) => [at, reason, number(rows), `${firstFile}:${firstLine}`]);
  return [
    '',
    `${number(count)} rows are bad and not imported${file ? `; ${file} holds them` : ''}:`,
    textTable([{ title: 'at' }, { title: 'reason' }, { title: 'rows', align: 'right' }, { title: 'first' }], rows),
  ];
}

function repeated({ repeatedIds }: Survey): string[] {
  if (repeatedIds === 0) return [];
  return [
    '',
    `${number(repeatedIds)} touchpoints have the messageId of an earlier one and count once: see "key" in the mapping.`,
  ];
}

function examples({ examples: messages }: Survey): string[] {
  return messages.flatMap((message) => [
    '',
    `First ${message.event ?? message.type}:`,
    shortened(JSON.stringify(message, null, 2)),
  ]);
}

function shortened(text: string): string {
  const lines = text.split('\n');
  return lines.length <= 30 ? text : [...lines.slice(0, 29), `  ... ${lines.length - 29} more lines`].join('\n');
}
