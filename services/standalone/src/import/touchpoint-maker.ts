import { deriveId, type JsonObject, type JsonValue } from '@rapport/events';
import { toDecimal, toText, type Cell } from './cell.js';
import { columnNames } from './columns.js';
import { compileCondition, type Condition } from './conditions.js';
import { type EachDocument, type MappingDocument, type TouchpointDocument } from './mapping-document.js';
import { compileObject, compileValue, type Rows, type ValueOf } from './values.js';

/** One message in the form of the Segment HTTP API. */
export interface ImportMessage {
  readonly type: string;
  readonly messageId: string;
  readonly timestamp?: JsonValue;
  readonly event?: string;
  readonly [field: string]: JsonValue | undefined;
}

/** What makes one kind of touchpoint of a mapping. */
export interface TouchpointMaker {
  readonly id: string;
  readonly group: TouchpointDocument['group'];
  readonly whenChanged: boolean;
  /** The rows of cells that one row of the file stands for: none where `where` does not hold, several with `each`. */
  readonly spread: (cells: readonly Cell[]) => readonly (readonly Cell[])[];
  /** The same text for rows of one touchpoint. */
  readonly groupKey: (cells: readonly Cell[]) => string;
  readonly make: (rows: Rows, light: boolean) => ImportMessage;
}

/** Ids stay under the length that other tools take. */
const longestMessageId = 100;
const fieldNames = ['timestamp', 'userId', 'anonymousId', 'groupId', 'previousId', 'name', 'category'] as const;
const mapNames = ['properties', 'traits', 'context'] as const;

export function touchpointMakers(mapping: MappingDocument): readonly TouchpointMaker[] {
  return mapping.touchpoints.map((touchpoint) => touchpointMaker(mapping, touchpoint));
}

function touchpointMaker(mapping: MappingDocument, touchpoint: TouchpointDocument): TouchpointMaker {
  const { each = [], group } = touchpoint;
  const names = [...columnNames(mapping)];
  const spreads = each.map((one) => compileEach(one, names));
  const positionOf = (column: string) => names.indexOf(column);
  const where: Condition = touchpoint.where ? compileCondition(touchpoint.where, positionOf) : () => true;
  const indexes = each.flatMap((one) => ('repeat' in one ? [one.as] : [one.index ?? one.as]));
  const key = [...(touchpoint.key ?? group?.by ?? ['file', 'line']), ...indexes].map(positionOf);
  const groupBy = (group?.by ?? []).map(positionOf);
  return {
    id: touchpoint.id,
    group,
    whenChanged: touchpoint.whenChanged === true,
    spread: (cells) =>
      spreads.reduce((rows, spread) => rows.flatMap(spread), [cells] as readonly (readonly Cell[])[]).filter(where),
    groupKey: (cells) => JSON.stringify(groupBy.map((position) => toText(cells[position]))),
    make: compileMessage(touchpoint, positionOf, ([first]) =>
      messageId(
        mapping.id,
        touchpoint.id,
        key.map((position) => toText(first?.[position])),
      ),
    ),
  };
}

/** Adds the columns that it makes to `names`. */
function compileEach(each: EachDocument, names: string[]): (cells: readonly Cell[]) => readonly (readonly Cell[])[] {
  if ('repeat' in each) {
    const position = names.indexOf(each.repeat);
    names.push(each.as);
    return (cells) => {
      const times = toDecimal(cells[position])?.toNumber() ?? 0;
      return Array.from({ length: Math.max(0, Math.trunc(times)) }, (_, index) => [...cells, index]);
    };
  }
  const position = names.indexOf(each.split);
  names.push(each.as, ...(each.index === undefined ? [] : [each.index]));
  return (cells) =>
    toText(cells[position])
      .split(each.by)
      .map((part, index) => [...cells, part.trim(), ...(each.index === undefined ? [] : [index])]);
}

function compileMessage(
  touchpoint: TouchpointDocument,
  positionOf: (column: string) => number,
  idOf: (rows: Rows) => string,
): TouchpointMaker['make'] {
  const { type, event } = touchpoint;
  const fields: [string, ValueOf][] = [];
  if (event !== undefined) {
    fields.push(['event', compileValue(typeof event === 'string' ? { value: event } : event.column, positionOf)]);
  }
  for (const name of fieldNames) {
    const value = touchpoint[name];
    if (value !== undefined) fields.push([name, compileValue(value, positionOf)]);
  }
  for (const name of mapNames) {
    const value = touchpoint[name];
    if (value !== undefined) fields.push([name, compileObject(value, positionOf)]);
  }
  return (rows, light) => {
    const message: Record<string, JsonValue> = { type, messageId: idOf(rows) };
    for (const [name, valueOf] of fields) {
      const value = valueOf(rows, light);
      if (value !== undefined && value !== null) message[name] = value;
    }
    return message as unknown as ImportMessage;
  };
}

function messageId(mapping: string, touchpoint: string, key: readonly string[]): string {
  const id = [mapping, touchpoint, ...key].join(':');
  return id.length <= longestMessageId ? id : `${mapping}:${deriveId('imported', mapping, touchpoint, ...key)}`;
}

/** What decides whether the content is another than before: everything but time and id. */
export function contentOf({ messageId: _id, timestamp: _time, ...content }: ImportMessage): JsonObject {
  return content as JsonObject;
}
