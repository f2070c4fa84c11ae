import { checkRules, type DuplicateRules, type FieldKind, type KeyPart } from './duplicate-rules.js';

interface FieldOfFile {
  readonly kind: FieldKind;
  readonly traits: readonly string[];
  readonly swaps_with?: string;
  readonly group?: string;
}

/** A file under `deploy/definitions/duplicates`, as its JSON Schema lets it through. */
export interface DuplicatesFile {
  readonly id: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldOfFile>>;
  readonly compare_when_equal: readonly (readonly string[])[];
  readonly suggest_from?: number;
  readonly most_in_common?: number;
  readonly largest_group?: number;
}

export interface DuplicatesDefinition {
  readonly rules: DuplicateRules;
  /** By field, the paths of the traits it is read from. */
  readonly traits: ReadonlyMap<string, readonly (readonly string[])[]>;
}

/** Throws `RangeError` where the file names a field that it does not declare. */
export function duplicatesFrom(file: DuplicatesFile): DuplicatesDefinition {
  const fields = Object.entries(file.fields);
  const rules: DuplicateRules = {
    fields: fields.map(([name, { kind, swaps_with: swapsWith, group }]) => ({
      ...{ name, kind },
      ...(swapsWith === undefined ? {} : { swapsWith }),
      ...(group === undefined ? {} : { group }),
    })),
    passes: file.compare_when_equal.map((keys) =>
      keys.map((key) => {
        const [field = '', part = 'value'] = key.split(' ');
        return { field, part: part as KeyPart };
      }),
    ),
    minProbability: file.suggest_from ?? 0.9,
    maxBlock: file.most_in_common ?? 200,
    maxCluster: file.largest_group ?? 20,
  };
  checkRules(rules);
  return { rules, traits: new Map(fields.map(([name, { traits }]) => [name, traits.map((path) => path.split('.'))])) };
}

/** The values of a profile's traits that the rules compare; what is neither text nor number counts as not known. */
export function valuesOf(
  { traits: pathsByField }: DuplicatesDefinition,
  traits: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const values: [string, string][] = [];
  for (const [field, paths] of pathsByField) {
    const found = paths.map((path) => textAt(traits, path)).find((text) => text !== undefined);
    if (found !== undefined) values.push([field, found]);
  }
  return Object.fromEntries(values);
}

function textAt(traits: unknown, path: readonly string[]): string | undefined {
  let at = traits;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  if (typeof at === 'number') return String(at);
  return typeof at === 'string' && at.trim() !== '' ? at : undefined;
}
