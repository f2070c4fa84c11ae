import { deriveId } from '@rapport/events';
import {
  findDuplicates,
  valuesOf,
  type DuplicatePair,
  type DuplicateRecord,
  type DuplicatesDefinition,
} from '@rapport/identity';
import { inTransaction, loadSql } from '@rapport/profile-db';
import type { Platform } from '@rapport/runtime';

const sql = {
  count: loadSql(import.meta.url, 'count-people'),
  read: loadSql(import.meta.url, 'read-people'),
  refused: loadSql(import.meta.url, 'read-refused'),
  forget: loadSql(import.meta.url, 'forget-suggestions'),
  save: loadSql(import.meta.url, 'save-suggestions'),
  saveSearch: loadSql(import.meta.url, 'save-search'),
};

export interface DuplicateSearch {
  readonly profiles: number;
  /** Pairs that were compared. */
  readonly candidates: number;
  readonly suggestions: number;
  readonly neededBits: number;
}

const page = 5_000;
const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Compares the profiles of a workspace and puts what it suggests in the place of earlier suggestions. Pairs that somebody
 * refused do not come again. Works in memory (about 6 kB a profile) and keeps its process busy: not for one that serves.
 */
export async function searchDuplicates(
  { postgres, clock }: Pick<Platform, 'postgres' | 'clock'>,
  workspaceId: string,
  definition: DuplicatesDefinition,
  onProgress: (read: number, all: number) => void = () => undefined,
): Promise<DuplicateSearch> {
  const startedAt = new Date(clock());
  const all = Number((await postgres.query<{ people: string }>(sql.count, [workspaceId])).rows[0]?.people ?? 0);
  const records: DuplicateRecord[] = [];
  let read = 0;
  for (let after = firstId; ;) {
    const { rows } = await postgres.query<PersonRow>(sql.read, [workspaceId, after, page]);
    for (const { profile_id: id, traits } of rows) {
      const values = valuesOf(definition, traits);
      if (Object.keys(values).length >= 2) records.push({ id, values });
    }
    read += rows.length;
    onProgress(Math.min(read, all), all);
    const last = rows.at(-1);
    if (rows.length < page || last === undefined) break;
    after = last.profile_id;
  }
  const report = findDuplicates(records, definition.rules);
  const refused = await refusedPairs(postgres, workspaceId);
  const found = report.pairs
    .map((pair) => suggestionOf(workspaceId, pair))
    .filter((each) => !refused.has(nameOf(each)));
  await inTransaction(postgres, async (tx) => {
    await tx.query(sql.forget, [workspaceId]);
    await tx.query(sql.save, [workspaceId, startedAt, JSON.stringify(found)]);
    const figures = [records.length, report.candidates, found.length, report.neededBits];
    await tx.query(sql.saveSearch, [workspaceId, startedAt, new Date(clock()), ...figures]);
  });
  return {
    profiles: records.length,
    candidates: report.candidates,
    suggestions: found.length,
    neededBits: report.neededBits,
  };
}

interface PersonRow {
  readonly profile_id: string;
  readonly traits: Readonly<Record<string, unknown>>;
}

interface PairOfProfiles {
  readonly lower_id: string;
  readonly higher_id: string;
}

function suggestionOf(workspaceId: string, { a, b, probability, isByGroup: by_group, evidence }: DuplicatePair) {
  const [lower_id, higher_id] = a < b ? [a, b] : [b, a];
  const suggestion_id = deriveId('duplicate', workspaceId, lower_id, higher_id);
  return { suggestion_id, lower_id, higher_id, probability, by_group, evidence };
}

async function refusedPairs(postgres: Platform['postgres'], workspaceId: string): Promise<ReadonlySet<string>> {
  const { rows } = await postgres.query<PairOfProfiles>(sql.refused, [workspaceId]);
  return new Set(rows.map(nameOf));
}

function nameOf({ lower_id, higher_id }: PairOfProfiles): string {
  return `${lower_id}/${higher_id}`;
}
