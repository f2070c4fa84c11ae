import type { JsonObject } from '@rapport/events';
import type { SearchKey } from '@rapport/profile';
import { loadSql } from '@rapport/profile-db';
import type { Pool } from 'pg';
import { cursorOf, readCursor } from '../paging/cursor.js';
import type { FoundProfileDto } from './search.dto.js';

const search = loadSql(import.meta.url, 'search-profiles');
const beforeAll = '00000000-0000-0000-0000-000000000000';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface Page {
  readonly limit: number;
  readonly cursor: string | undefined;
}

export interface FoundProfiles {
  readonly items: readonly FoundProfileDto[];
  readonly nextCursor: string | null;
}

interface FoundRow {
  readonly profile_id: string;
  readonly traits: JsonObject;
  readonly stage: string | null;
  readonly last_seen_at: Date | null;
}

/** The people who have a search key, by profile id. One range of one index is read, however many have it. */
export async function searchProfiles(
  postgres: Pool,
  workspaceId: string,
  { name, value }: SearchKey,
  { limit, cursor }: Page,
): Promise<FoundProfiles> {
  const values = [workspaceId, name, value, cursor === undefined ? beforeAll : profileIdIn(cursor), limit + 1];
  const { rows } = await postgres.query<FoundRow>({ name: 'query-search-profiles', text: search, values });
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items: items.map(viewOf), nextCursor: last === undefined ? null : cursorOf([last.profile_id]) };
}

function profileIdIn(cursor: string): string {
  const [profileId] = readCursor(cursor, ['string']);
  return typeof profileId === 'string' && uuid.test(profileId) ? profileId : beforeAll;
}

function viewOf(row: FoundRow): FoundProfileDto {
  const { profile_id: profileId, traits, stage, last_seen_at: lastSeenAt } = row;
  return { profileId, traits, stage, lastSeenAt: lastSeenAt?.toISOString() ?? null };
}
