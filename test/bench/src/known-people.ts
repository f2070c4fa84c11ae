import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { DuplicateRecord, DuplicateRules, KeyRule } from '@rapport/identity';
import { parse } from 'csv-parse/sync';

/** Data sets that carry their truth: FEBRL (Christen) 1 and 3, and Splink's demo data. */
export const folder = fileURLToPath(new URL('../../../../shared/data/identity/', import.meta.url));
export const isHere = existsSync(folder);

export interface KnownPeople {
  readonly records: readonly DuplicateRecord[];
  /** The person of each record. */
  readonly truth: ReadonlyMap<string, string>;
}

type Row = Readonly<Record<string, string>>;

export function readFebrl(name: 'febrl1' | 'febrl3'): KnownPeople {
  return read(`${name}.csv.gz`, ({ rec_id: id = '' }) => ({ id, person: id.split('-')[1] ?? '' }));
}

export function readFake1000(): KnownPeople {
  return read('splink_fake_1000.csv.gz', ({ unique_id: id = '', cluster: person = '' }) => ({ id, person }));
}

function read(file: string, nameOf: (row: Row) => { id: string; person: string }): KnownPeople {
  const rows: Row[] = parse(gunzipSync(readFileSync(folder + file)), { columns: true });
  const records = rows.map((row) => ({
    id: nameOf(row).id,
    values: Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')),
  }));
  return { records, truth: new Map(rows.map((row) => [nameOf(row).id, nameOf(row).person])) };
}

/** `name:sound` */
const pass = (...keys: readonly string[]): KeyRule[] =>
  keys.map((key) => {
    const [field = '', part = 'value'] = key.split(':');
    return { field, part: part as KeyRule['part'] };
  });

const limits = { maxBlock: 200, maxCluster: 20, minProbability: 0.5 };

export const febrlRules: DuplicateRules = {
  ...limits,
  fields: [
    { name: 'given_name', kind: 'name', swapsWith: 'surname' },
    { name: 'surname', kind: 'name', swapsWith: 'given_name' },
    { name: 'street_number', kind: 'code' },
    { name: 'address_1', kind: 'text' },
    { name: 'address_2', kind: 'text' },
    { name: 'suburb', kind: 'text' },
    { name: 'postcode', kind: 'code' },
    { name: 'state', kind: 'code' },
    { name: 'date_of_birth', kind: 'date' },
    { name: 'soc_sec_id', kind: 'code' },
  ],
  passes: [
    pass('soc_sec_id'),
    pass('date_of_birth'),
    pass('given_name:sound', 'surname:sound'),
    pass('surname:sound', 'postcode'),
    pass('given_name:sound', 'postcode'),
    pass('given_name:sound', 'suburb:sound'),
    pass('surname:sound', 'suburb:sound'),
    pass('address_1'),
  ],
};

export const fake1000Rules: DuplicateRules = {
  ...limits,
  fields: [
    { name: 'first_name', kind: 'name', swapsWith: 'surname' },
    { name: 'surname', kind: 'name', swapsWith: 'first_name' },
    { name: 'dob', kind: 'date' },
    { name: 'city', kind: 'text' },
    { name: 'email', kind: 'email' },
  ],
  passes: [
    pass('email'),
    pass('email:local'),
    pass('dob'),
    pass('first_name:sound', 'surname:sound'),
    pass('surname:sound', 'dob:year'),
    pass('first_name:sound', 'dob:year'),
    pass('first_name:sound', 'city'),
    pass('surname:sound', 'city'),
    pass('email:start', 'dob:year'),
    pass('first_name:start', 'dob:day'),
    pass('surname:start', 'dob:day'),
  ],
};
