import { decodeMessage } from '@rapport/events';
import { type Cell } from './cell.js';
import { columnNames, compileColumns, type Lookups } from './columns.js';
import { compileCondition } from './conditions.js';
import { plainName, readFileRows, type FileRow } from './file-rows.js';
import { readLookups } from './lookups.js';
import { type MappingDocument } from './mapping-document.js';
import { contentOf, touchpointMakers, type ImportMessage, type TouchpointMaker } from './touchpoint-maker.js';

/** A row that is not imported, whole, with the reason. `reason` repeats no value of the row. */
export interface BadRow {
  readonly kind: 'bad-row';
  readonly file: string;
  readonly line: number;
  /** Column or touchpoint that is at fault; empty for the row as a whole. */
  readonly at: string;
  readonly reason: string;
  readonly row: unknown;
}

export type Imported =
  | { readonly kind: 'touchpoint'; readonly message: ImportMessage; readonly person: string }
  | { readonly kind: 'row' }
  | { readonly kind: 'left-out'; readonly because: string }
  | BadRow;

export interface ImportOptions {
  readonly files: readonly string[];
  /** The moment of the import: nothing can have happened after it. Milliseconds since the epoch. */
  readonly now: number;
  /** The share of all files that has been read, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** A row of the file on its way into touchpoints. A row that is bad takes the whole group it belongs to with it. */
interface SourceRow {
  readonly file: string;
  readonly line: number;
  readonly fields: unknown;
  bad: boolean;
}

interface Group {
  readonly rows: (readonly Cell[])[];
  readonly sources: SourceRow[];
  /** Line of a bad row that belongs here: without it the touchpoint would be wrong. */
  badLine?: number;
}

/**
 * What the rows of the files become: always the same for the same files and mapping, in the same order. A group appears after
 * its last row is known. Every row ends as touchpoints, left out, or as a bad row. Errors: `ImportFileError`.
 */
export async function* touchpointsOf(mapping: MappingDocument, options: ImportOptions): AsyncGenerator<Imported> {
  const lookups = await readLookups(mapping, options.files);
  const run = new MappingRun(mapping, lookups, options.now);
  for (const [index, file] of options.files.entries()) {
    const rows = readFileRows(file, {
      input: mapping.input ?? {},
      required: requiredColumns(mapping),
      onProgress: (share) => options.onProgress?.((index + share) / options.files.length),
    });
    for await (const row of rows) yield* run.take(plainName(file), row);
  }
  yield* run.end();
}

function requiredColumns({ columns }: MappingDocument): readonly (readonly string[])[] {
  return Object.values(columns).flatMap(({ from }) => (from === undefined ? [] : [[from].flat()]));
}

class MappingRun {
  private readonly read: ReturnType<typeof compileColumns>;
  private readonly leaveOut: readonly { because: string; holds: (cells: readonly Cell[]) => boolean }[];
  private readonly makers: readonly { maker: TouchpointMaker; groups: Map<string, Group> }[];
  private readonly lastContents = new Map<string, string>();

  constructor(
    mapping: MappingDocument,
    lookups: Lookups,
    private readonly now: number,
  ) {
    const names = columnNames(mapping);
    this.read = compileColumns(mapping, lookups);
    this.leaveOut = (mapping.leaveOut ?? []).map(({ because, where }) => ({
      because,
      holds: compileCondition(where, (column) => names.indexOf(column)),
    }));
    this.makers = touchpointMakers(mapping).map((maker) => ({ maker, groups: new Map<string, Group>() }));
  }

  *take(file: string, row: FileRow): Generator<Imported> {
    yield { kind: 'row' };
    const { line } = row;
    if ('malformed' in row) {
      yield { kind: 'bad-row', file, line, at: '', reason: row.malformed, row: row.original };
      return;
    }
    const source: SourceRow = { file, line, fields: row.fields, bad: false };
    const { cells, fault } = this.read(row.fields, { file, line });
    if (fault !== undefined) {
      yield badRow(source, fault.column, fault.reason);
      this.spoil(cells, line, fault.column);
      return;
    }
    const left = this.leaveOut.find(({ holds }) => holds(cells));
    if (left !== undefined) yield { kind: 'left-out', because: left.because };
    else yield* this.spread(cells, source);
  }

  *end(): Generator<Imported> {
    for (const { maker, groups } of this.makers) yield* this.emptied(maker, groups);
  }

  private *spread(cells: readonly Cell[], source: SourceRow): Generator<Imported> {
    for (const { maker, groups } of this.makers) {
      for (const spread of maker.spread(cells)) {
        if (maker.group === undefined) {
          yield* this.made(maker, { rows: [spread], sources: [source] });
          continue;
        }
        const key = maker.groupKey(spread);
        const group = groups.get(key);
        if (group === undefined) {
          if (maker.group.rows === 'adjacent') yield* this.emptied(maker, groups);
          groups.set(key, { rows: [spread], sources: [source] });
        } else {
          group.rows.push(spread);
          group.sources.push(source);
        }
      }
    }
  }

  private spoil(cells: readonly Cell[], line: number, column: string): void {
    for (const { maker, groups } of this.makers) {
      if (maker.group === undefined || maker.group.by.includes(column)) continue;
      const key = maker.groupKey(cells);
      const group = groups.get(key) ?? { rows: [], sources: [] };
      group.badLine ??= line;
      groups.set(key, group);
    }
  }

  private *emptied(maker: TouchpointMaker, groups: Map<string, Group>): Generator<Imported> {
    for (const group of groups.values()) yield* this.made(maker, group);
    groups.clear();
  }

  private *made(maker: TouchpointMaker, { rows, sources, badLine }: Group): Generator<Imported> {
    if (badLine !== undefined) {
      const reason = `line ${badLine}, which belongs to the same ${maker.id}, is bad`;
      for (const source of sources.filter(({ bad }) => !bad)) yield badRow(source, maker.id, reason);
      return;
    }
    let message = maker.make(rows, false);
    let refusal = this.refusal(message);
    if (refusal?.reason === 'too-large') refusal = this.refusal((message = maker.make(rows, true)));
    if (refusal !== undefined) {
      const reason = `${refusal.reason}: ${refusal.detail}`;
      // A row that two touchpoints cannot be made of is still one bad row.
      for (const source of sources.filter(({ bad }) => !bad)) yield badRow(source, maker.id, reason);
      return;
    }
    const person = personOf(message);
    if (maker.whenChanged && !this.isNew(`${maker.id}\n${person}`, message)) return;
    yield { kind: 'touchpoint', message, person };
  }

  /** The collector's own rules, so that nothing which it would refuse or re-date is sent to it. */
  private refusal(message: ImportMessage): { readonly reason: string; readonly detail: string } | undefined {
    if (message.timestamp === undefined) return { reason: 'no-timestamp', detail: 'the row does not say when' };
    const decoded = decodeMessage(message, undefined, {
      ...{ receivedAt: this.now, sentAt: undefined, context: undefined, integrations: undefined, ip: undefined },
      ...{ imported: true, mayNeedMending: false, newMessageId: () => '' },
    });
    if ('rejected' in decoded) return decoded.rejected;
    const flag = decoded.accepted.flags.find((one) => one.startsWith('timestamp-'));
    return flag === undefined
      ? undefined
      : { reason: flag, detail: 'the time lies in the future or before 1970-01-02' };
  }

  private isNew(of: string, message: ImportMessage): boolean {
    const content = JSON.stringify(contentOf(message));
    if (this.lastContents.get(of) === content) return false;
    this.lastContents.set(of, content);
    return true;
  }
}

function badRow(source: SourceRow, at: string, reason: string): BadRow {
  source.bad = true;
  return { kind: 'bad-row', file: source.file, line: source.line, at, reason, row: source.fields };
}

function personOf({ userId, anonymousId }: ImportMessage): string {
  return String(userId ?? anonymousId ?? '');
}
