import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DefinitionError, loadDefinition, type Definition, type DefinitionFault } from '@rapport/runtime';
import {
  kindsOf,
  misusesInColumn,
  misusesInCondition,
  misusesInEach,
  misusesInValue,
  withEach,
  type Misuse,
} from './column-kinds.js';
import { columnNames, columnsOfTemplate } from './columns.js';
import { columnsOfCondition } from './conditions.js';
import { type ColumnDocument, type MappingDocument, type TouchpointDocument } from './mapping-document.js';
import { timeReader, unknownLetters } from './time-format.js';
import { columnsOfValue } from './values.js';

export interface Mapping extends MappingDocument {
  /** The YAML file. */
  readonly file: string;
}

/** There is no such file, and none of this name is shipped. */
export class UnknownMappingError extends Error {
  override readonly name = 'UnknownMappingError';

  constructor(
    nameOrFile: string,
    readonly shipped: readonly string[],
  ) {
    super(`There is no mapping ${nameOrFile}.`);
  }
}

async function shippedIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => /^(.*)\.yaml$/.exec(name)?.[1] ?? []).sort();
}

type Place = readonly (string | number)[];
type FaultAt = (path: Place, message: string) => DefinitionFault;

/**
 * Reads a mapping by path, or by name one of those in `<definitions>/import-mappings`.
 * Errors: `DefinitionError`, which names file, line and remedy of every fault; `UnknownMappingError`.
 */
export async function loadMapping(
  nameOrFile: string,
  config: { readonly definitionsDir: string; readonly schemasDir: string },
): Promise<Mapping> {
  const folder = path.join(config.definitionsDir, 'import-mappings');
  const file = [nameOrFile, path.join(folder, `${nameOrFile}.yaml`)].find((each) => existsSync(each));
  if (file === undefined) throw new UnknownMappingError(nameOrFile, await shippedIn(folder));
  const definition = await loadDefinition<MappingDocument>({
    file: path.resolve(file),
    schemaFile: path.join(config.schemasDir, 'definitions', 'import-mapping.schema.json'),
  });
  const faults = mappingFaults(definition);
  if (faults.length > 0) throw new DefinitionError(faults);
  return { ...definition.value, file: definition.file };
}

function mappingFaults({ value, faultAt }: Definition<MappingDocument>): DefinitionFault[] {
  const declared = columnNames(value);
  const zone = value.input?.timeZone;
  return [
    ...(zone === undefined || isTimeZone(zone) ? [] : [faultAt(['input', 'timeZone'], noTimeZone)]),
    ...Object.entries(value.columns).flatMap(([name, column]) => {
      // Columns are computed in order: one may build on those before it.
      const before = declared.slice(0, declared.indexOf(name));
      return columnFaults(column, ['columns', name], { before, value, faultAt });
    }),
    ...(value.leaveOut ?? []).flatMap(({ where }, index) =>
      unknownColumns(columnsOfCondition(where), declared, ['leaveOut', index, 'where'], faultAt),
    ),
    ...value.touchpoints.flatMap((touchpoint, index) =>
      touchpointFaults(touchpoint, ['touchpoints', index], declared, faultAt),
    ),
    ...repeatedIds(value.touchpoints, faultAt),
    ...misuses(value, faultAt),
  ];
}

function misuses(value: MappingDocument, faultAt: FaultAt): DefinitionFault[] {
  const kinds = kindsOf(value);
  const at = (place: Place, found: readonly Misuse[]) => found.map(({ message }) => faultAt(place, message));
  return [
    ...Object.entries(value.columns).flatMap(([name, column]) => at(['columns', name], misusesInColumn(column, kinds))),
    ...(value.leaveOut ?? []).flatMap(({ where }, index) =>
      at(['leaveOut', index, 'where'], misusesInCondition(where, kinds)),
    ),
    ...value.touchpoints.flatMap(({ each = [], where = {}, timestamp, ...touchpoint }, index) => {
      const place = ['touchpoints', index] as const;
      const all = withEach(kinds, each);
      const { properties = {}, traits = {}, context = {} } = touchpoint;
      const values = [timestamp, ...[properties, traits, context].flatMap((part) => Object.values(part))];
      return [
        ...at([...place, 'each'], misusesInEach(each, all)),
        ...at([...place, 'where'], misusesInCondition(where, all)),
        ...at(
          place,
          values.flatMap((one) => misusesInValue(one, all)),
        ),
      ];
    }),
  ];
}

function columnFaults(
  column: ColumnDocument,
  place: Place,
  { before, value, faultAt }: { before: readonly string[]; value: MappingDocument; faultAt: FaultAt },
): DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  for (const format of [column.format ?? []].flat()) {
    const letters = unknownLetters(format);
    if (letters !== '') faults.push(faultAt([...place, 'format'], unknownLettersMessage(letters)));
  }
  if (column.timeZone !== undefined && !isTimeZone(column.timeZone)) {
    faults.push(faultAt([...place, 'timeZone'], noTimeZone));
  }
  if (column.lookup !== undefined && !(column.lookup.in in (value.lookups ?? {}))) {
    faults.push(faultAt([...place, 'lookup', 'in'], 'names no lookup; declare the file under lookups'));
  }
  const used = [
    column.lookup?.by,
    ...(column.multiply ?? []),
    ...(column.divide ?? []),
    column.absolute,
    ...shiftColumns(column.shift),
  ];
  const named = [...used.filter((name) => name !== undefined), ...columnsOfTemplate(column.template ?? '')];
  return [...faults, ...unknownColumns(named, before, place, faultAt)];
}

function touchpointFaults(
  touchpoint: TouchpointDocument,
  place: Place,
  declared: readonly string[],
  faultAt: FaultAt,
): DefinitionFault[] {
  const made = (touchpoint.each ?? []).flatMap((each) =>
    'repeat' in each ? [each.as] : [each.as, each.index ?? each.as],
  );
  const all = [...declared, ...made];
  const sources = (touchpoint.each ?? []).map((each) => ('repeat' in each ? each.repeat : each.split));
  const { userId, anonymousId, groupId, previousId, timestamp, name, category } = touchpoint;
  const { properties = {}, traits = {}, context = {} } = touchpoint;
  const single = { userId, anonymousId, groupId, previousId, timestamp, name, category };
  const values = [...Object.entries(single), ...[properties, traits, context].flatMap((part) => Object.entries(part))];
  const faults = [
    ...unknownColumns(sources, all, [...place, 'each'], faultAt),
    ...unknownColumns(columnsOfCondition(touchpoint.where ?? {}), all, [...place, 'where'], faultAt),
    ...unknownColumns(touchpoint.group?.by ?? [], all, [...place, 'group', 'by'], faultAt),
    ...unknownColumns(
      typeof touchpoint.event === 'object' ? [touchpoint.event.column] : [],
      all,
      [...place, 'event'],
      faultAt,
    ),
    ...unknownColumns(touchpoint.key ?? [], all, [...place, 'key'], faultAt),
    ...values.flatMap(([, value]) =>
      value === undefined ? [] : unknownColumns(columnsOfValue(value).filter(isNoTime), all, place, faultAt),
    ),
  ];
  if (userId === undefined && anonymousId === undefined) {
    faults.push(faultAt(place, 'names nobody; give userId or anonymousId'));
  }
  if (touchpoint.type === 'track' && touchpoint.event === undefined) {
    faults.push(faultAt(place, '"event" is missing; a track touchpoint needs the name of what happened'));
  }
  return faults;
}

function unknownColumns(
  names: readonly string[],
  known: readonly string[],
  place: Place,
  faultAt: FaultAt,
): DefinitionFault[] {
  return [...new Set(names)]
    .filter((name) => !known.includes(name))
    .map((name) => faultAt(place, `names the column ${name}, which is not declared here; known: ${known.join(', ')}`));
}

function repeatedIds(touchpoints: readonly TouchpointDocument[], faultAt: FaultAt): DefinitionFault[] {
  const ids = touchpoints.map(({ id }) => id);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [faultAt(['touchpoints', index, 'id'], 'is the id of another one too; rename one')],
  );
}

function shiftColumns(shift: ColumnDocument['shift']): readonly string[] {
  return shift === undefined ? [] : [shift.from, shift.by].filter(isNoTime);
}

/** A shift may start from a time that is written out instead of a column. */
function isNoTime(name: string): boolean {
  return timeReader([], 'UTC')(name) === undefined;
}

const noTimeZone = 'is no time zone; write an IANA name such as Europe/Berlin or UTC';

function unknownLettersMessage(letters: string): string {
  return `has letters that mean nothing (${letters}); use yyyy yy MM M dd d HH H mm ss SSS and put other letters between single quotes`;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
