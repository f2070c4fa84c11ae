import { computedFunctions, type ProfileFile } from './definition.js';

/** What is wrong where, for rules that a JSON Schema cannot say. */
export interface RulesFault {
  /** Index of the file. */
  readonly index: number;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Faults between definitions: names given twice, in one file or in several, and what a computed trait lacks. */
export function rulesFaultsOf(files: readonly ProfileFile[]): readonly RulesFault[] {
  return [
    ...repeated(files, ['traits', 'computed_traits'], 'name'),
    ...repeated(files, ['questions'], 'id'),
    ...repeated(files, ['important_dates'], 'id'),
    ...repeated(files, ['engagement'], 'event'),
    ...repeated(files, ['interests'], 'event'),
    ...lifecycleFaults(files),
    ...files.flatMap((file, index) => computedFaults(file, index)),
  ];
}

type List = Exclude<keyof ProfileFile, 'lifecycle' | 'inferred_sources'>;

function repeated(files: readonly ProfileFile[], lists: readonly List[], key: string): readonly RulesFault[] {
  const seen = new Set<unknown>();
  return files.flatMap((file, index) =>
    lists.flatMap((list) =>
      (file[list] ?? []).flatMap((item, place): readonly RulesFault[] => {
        const name = (item as unknown as Readonly<Record<string, unknown>>)[key];
        if (!seen.has(name)) return (seen.add(name), []);
        return [{ index, path: [list, place, key], message: 'is given twice; rename or remove one' }];
      }),
    ),
  );
}

function lifecycleFaults(files: readonly ProfileFile[]): readonly RulesFault[] {
  const withStages = files.flatMap((file, index) => (file.lifecycle === undefined ? [] : [index]));
  const seen = new Set<string>();
  const twice = files.flatMap((file, index) =>
    (file.lifecycle?.stages ?? []).flatMap(({ id }, place): readonly RulesFault[] => {
      if (!seen.has(id)) return (seen.add(id), []);
      return [{ index, path: ['lifecycle', 'stages', place, 'id'], message: 'is a stage already; rename one' }];
    }),
  );
  const others = withStages.slice(1).map((index): RulesFault => ({
    index,
    path: ['lifecycle'],
    message: 'stands in another file too; the order of the stages counts, so keep them in one',
  }));
  return [...others, ...twice];
}

function computedFaults({ computed_traits: computed = [] }: ProfileFile, index: number): readonly RulesFault[] {
  return computed.flatMap((trait, place): readonly RulesFault[] => {
    const path = ['computed_traits', place];
    const faults: RulesFault[] = [];
    if (trait.function !== 'count' && trait.property === undefined) {
      const functions = computedFunctions.filter((each) => each !== 'count').join(', ');
      faults.push({ index, path, message: `"property" is missing; ${functions} need one` });
    }
    if (trait.event !== undefined && (trait.type ?? 'track') !== 'track') {
      faults.push({ index, path: [...path, 'event'], message: 'is for track only; take it or "type" away' });
    }
    if (trait.search && trait.window !== undefined) {
      const message = 'does not go with a window, whose value changes by time alone; remove one';
      faults.push({ index, path: [...path, 'search'], message });
    }
    return faults;
  });
}
