import type { JsonObject, JsonValue } from '@rapport/events';
import { numberOf } from '../text.js';
import type { FilterInFile } from '../rules/definition.js';
import { valuesAt } from './property-values.js';

/** Whether properties pass every filter. A filter passes when one of the values at its path does; `is_not` when none is it. */
export function passes(filters: readonly FilterInFile[], properties: JsonObject): boolean {
  return filters.every((filter) => passesOne(filter, valuesAt(properties, filter.property)));
}

function passesOne(filter: FilterInFile, values: readonly JsonValue[]): boolean {
  if ('exists' in filter) return values.some((value) => value !== null) === filter.exists;
  if ('is' in filter) return values.some((value) => isOneOf(filter.is, value));
  if ('is_not' in filter) return !values.some((value) => isOneOf(filter.is_not, value));
  if ('contains' in filter) return values.some((value) => containsText(value, filter.contains));
  const numbers = values.map(numberOf).filter((number) => number !== undefined);
  if ('at_least' in filter) return numbers.some((number) => number >= filter.at_least);
  return numbers.some((number) => number <= filter.at_most);
}

type Wanted = string | number | boolean;

function isOneOf(wanted: Wanted | readonly Wanted[], value: JsonValue): boolean {
  return [wanted].flat().some((each) => each === value);
}

function containsText(value: JsonValue, text: string): boolean {
  return typeof value === 'string' && value.toLowerCase().includes(text.toLowerCase());
}
