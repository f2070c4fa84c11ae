import { readFileSync } from 'node:fs';
import { duplicatesFrom, type DuplicateRules, type DuplicatesFile } from '@rapport/identity';
import { parse } from 'yaml';
import { fake1000Rules, febrlRules, isHere, readFake1000, readFebrl, type KnownPeople } from './known-people.js';
import { shopPeople } from './population.js';

export function shippedRules(): DuplicateRules {
  const file = new URL('../../../deploy/definitions/duplicates/people.yaml', import.meta.url);
  return duplicatesFrom(parse(readFileSync(file, 'utf8')) as DuplicatesFile).rules;
}

export interface DuplicatesData {
  readonly people: KnownPeople;
  readonly rules: DuplicateRules;
}

function shop(count: number): DuplicatesData {
  const rules = shippedRules();
  return { people: shopPeople(count, rules), rules };
}

const published: readonly (readonly [string, () => DuplicatesData])[] = [
  ['febrl1', () => ({ people: readFebrl('febrl1'), rules: febrlRules })],
  ['febrl3', () => ({ people: readFebrl('febrl3'), rules: febrlRules })],
  ['fake_1000', () => ({ people: readFake1000(), rules: fake1000Rules })],
];

/** By name: people whose truth is known, as far as they are here, and the rules to find them by. */
export const duplicatesData: ReadonlyMap<string, () => DuplicatesData> = new Map([
  ...(isHere ? published : []),
  ['shop of 1,000', () => shop(1_000)],
  ['shop of 10,000', () => shop(10_000)],
  ['shop of 50,000', () => shop(50_000)],
]);
