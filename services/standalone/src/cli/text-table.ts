import Table from 'cli-table3';

export interface TextColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

/** Aligned columns under a ruled header. Cells may hold colour codes; they do not count as width. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: noLines,
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { 'padding-left': 0, 'padding-right': 1, head: [], border: [] },
  });
  const rule = columns.map(({ title }, index) => '─'.repeat(Math.max(title.length, widest(rows, index))));
  table.push(
    columns.map(({ title }) => title),
    rule,
  );
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function widest(rows: readonly (readonly string[])[], index: number): number {
  return rows.reduce((width, row) => Math.max(width, bare(row[index] ?? '').length), 0);
}

function bare(cell: string): string {
  // eslint-disable-next-line no-control-regex -- colour codes take no room on the screen
  return cell.replace(/\u001b\[[\d;]*m/g, '');
}
