import type { JsonValue } from '@rapport/events';
import { computedTraitsAt } from './computed/computed-state.js';
import type { ProfileState } from './profile-state.js';
import type { ProfileRules } from './rules/profile-rules.js';
import { storableText } from './storable.js';

/** Something a profile can be found by: `trait/<name>`, `computed/<name>`, `stage` or `account`, and its value as text. */
export interface SearchKey {
  readonly name: string;
  readonly value: string;
}

const maxCharacters = 200;

/** The keys of a profile, without repetition. A computed trait over a window changes by time alone and is none. */
export function searchKeysOf(
  rules: ProfileRules,
  { traits, computed, relationship, lifecycle }: ProfileState,
): readonly SearchKey[] {
  const ofTraits = rules.searchable.flatMap((name) => keysOf(`trait/${name}`, traits[name]?.value));
  const ofComputed = rules.computed
    .filter((trait) => rules.searchableComputed.has(trait.name) && computed[trait.name] !== undefined)
    .flatMap((trait) => {
      const values = computedTraitsAt({ ...rules, computed: [trait] }, computed, { workspaceId: '', now: 0 });
      return keysOf(`computed/${trait.name}`, values[trait.name]);
    });
  const accounts = Object.keys(relationship.accounts ?? {}).map((value) => ({ name: 'account', value }));
  const stage = lifecycle === null ? [] : [{ name: 'stage', value: lifecycle.stage }];
  return [...ofTraits, ...ofComputed, ...accounts, ...stage];
}

/** A value as it is searched for: text whatever its case, numbers and booleans as they are written; lists by each item. */
export function searchText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value === '') return undefined;
  return storableText(value.trim().toLowerCase().slice(0, maxCharacters).toWellFormed());
}

function keysOf(name: string, value: JsonValue | undefined): readonly SearchKey[] {
  const values: readonly (JsonValue | undefined)[] = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  const texts = values.map(searchText).filter((text) => text !== undefined);
  return [...new Set(texts)].map((text) => ({ name, value: text }));
}
