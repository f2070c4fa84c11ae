import type { DuplicateRecord, DuplicateRules } from '@rapport/identity';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Population {
  readonly records: readonly DuplicateRecord[];
  /** The person of each record. */
  readonly truth: ReadonlyMap<string, string>;
}

/**
 * People as a shop's records hold them, deterministic: common and rare names, families that share a name and an address,
 * second records with typing errors, short names, other addresses of email, and values that are missing.
 */
export function generatePopulation(recordCount: number, seed = 1): Population {
  const chance = createChance(seed);
  const records: DuplicateRecord[] = [];
  const truth = new Map<string, string>();
  let person = 0;
  let last: Person | undefined;
  while (records.length < recordCount) {
    const of = newPerson(chance, person, last !== undefined && chance.hit(0.12) ? last : undefined);
    const copies = 1 + (chance.hit(0.35) ? 1 + chance.below(3) : 0);
    for (let copy = 0; copy < copies && records.length < recordCount; copy += 1) {
      const id = `r${records.length}`;
      records.push({ id, values: copy === 0 ? withGaps(chance, of) : withGaps(chance, withErrors(chance, of)) });
      truth.set(id, `p${person}`);
    }
    last = of;
    person += 1;
  }
  return { records, truth };
}

/** A population under the field names of the shipped rules. */
export function shopPeople(recordCount: number, { fields }: DuplicateRules): Population {
  const { records, truth } = generatePopulation(recordCount);
  const renamed = records.map(({ id, values }) => ({
    id,
    values: Object.fromEntries(fields.map(({ name }) => [name, values[generatedAs[name] ?? name]])),
  }));
  return { records: renamed, truth };
}

const generatedAs: Readonly<Record<string, string>> = {
  first_name: 'firstName',
  last_name: 'lastName',
  postal_code: 'postalCode',
};

interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly birthday: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly city: string;
  readonly postalCode: string;
}

interface Chance {
  below(count: number): number;
  hit(probability: number): boolean;
  /** Smaller ranks far more often, as with names. */
  rank(count: number): number;
}

function createChance(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  const below = (count: number): number => uniformInt(generator, 0, count - 1);
  return {
    below,
    hit: (probability) => below(10_000) < probability * 10_000,
    rank: (count) => Math.min(count - 1, Math.floor(count ** (below(10_000) / 10_000)) - 1 + below(2)),
  };
}

const onsets = ['b', 'br', 'ch', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'r', 's', 'st', 't', 'v', 'w', 'z'];
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'ou'];
const codas = ['', 'n', 'r', 's', 'l', 'ck', 'nd', 'tt'];

function word(index: number, syllables: number): string {
  let rest = index * 7919 + 13;
  const next = (list: readonly string[]): string => {
    const picked = list[rest % list.length]!;
    rest = Math.floor(rest / list.length) + index * 31 + 7;
    return picked;
  };
  return Array.from({ length: syllables }, () => next(onsets) + next(vowels) + next(codas)).join('');
}

function newPerson(chance: Chance, person: number, relative: Person | undefined): Person {
  const firstName = word(chance.rank(400), 2);
  const lastName = relative?.lastName ?? word(1_000 + chance.rank(6_000), 2);
  const town = chance.rank(300);
  const day = new Date(Date.UTC(1940 + chance.below(66), 0, 1 + chance.below(365))).toISOString().slice(0, 10);
  return {
    firstName,
    lastName,
    birthday: day,
    email: emailOf(chance, firstName, lastName, person),
    phone: `+4930${String(1_000_000 + chance.below(8_999_999))}`,
    street: relative?.street ?? `${word(20_000 + chance.below(3_000), 2)} street ${1 + chance.below(180)}`,
    city: relative?.city ?? word(40_000 + town, 2),
    postalCode: relative?.postalCode ?? String(10_000 + town * 97 + chance.below(20)),
  };
}

function emailOf(chance: Chance, firstName: string, lastName: string, person: number): string {
  const forms = [
    `${firstName}.${lastName}`,
    `${firstName[0]}${lastName}${person % 97}`,
    `${lastName}${1940 + (person % 66)}`,
  ];
  return `${forms[chance.below(forms.length)]}@mail${chance.rank(40)}.example`;
}

function withErrors(chance: Chance, person: Person): Person {
  const typo = (value: string, probability: number): string =>
    chance.hit(probability) ? misspell(chance, value) : value;
  const moved = chance.hit(0.12);
  const swapped = chance.hit(0.03);
  const firstName = chance.hit(0.1) ? person.firstName.slice(0, 3) : typo(person.firstName, 0.08);
  const lastName = typo(person.lastName, 0.08);
  return {
    firstName: swapped ? lastName : firstName,
    lastName: swapped ? firstName : lastName,
    birthday: chance.hit(0.04) ? misspell(chance, person.birthday, '0123456789') : person.birthday,
    email: chance.hit(0.35)
      ? emailOf(chance, person.firstName, person.lastName, chance.below(10_000))
      : typo(person.email, 0.03),
    phone: chance.hit(0.25) ? `+4917${String(1_000_000 + chance.below(8_999_999))}` : person.phone,
    street: moved
      ? `${word(20_000 + chance.below(3_000), 2)} street ${1 + chance.below(180)}`
      : typo(person.street, 0.15),
    city: moved ? word(40_000 + chance.rank(300), 2) : typo(person.city, 0.05),
    postalCode: moved ? String(10_000 + chance.below(40_000)) : typo(person.postalCode, 0.03),
  };
}

function misspell(chance: Chance, value: string, alphabet = 'abcdefghijklmnopqrstuvwxyz'): string {
  const at = chance.below(value.length);
  const letter = alphabet[chance.below(alphabet.length)]!;
  const forms = [
    value.slice(0, at) + letter + value.slice(at + 1),
    value.slice(0, at) + value.slice(at + 1),
    value.slice(0, at) + letter + value.slice(at),
    value.slice(0, at) + (value[at + 1] ?? '') + value[at]! + value.slice(at + 2),
  ];
  return forms[chance.below(forms.length)]!;
}

/** Share of records that do not have the value. */
const gaps: Readonly<Record<keyof Person, number>> = {
  firstName: 0.03,
  lastName: 0.03,
  birthday: 0.45,
  email: 0.12,
  phone: 0.45,
  street: 0.35,
  city: 0.25,
  postalCode: 0.3,
};

function withGaps(chance: Chance, person: Person): Readonly<Record<string, string>> {
  const entries = Object.entries(person) as [keyof Person, string][];
  return Object.fromEntries(entries.filter(([field]) => !chance.hit(gaps[field])));
}
