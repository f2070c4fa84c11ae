import { searchKeysOf, storableJson, type ProfileRules, type ProfileState } from '@rapport/profile';
import { loadSql, type PersonKey } from '@rapport/profile-db';
import type { PoolClient } from 'pg';

const change = loadSql(import.meta.url, 'change-search-keys');

/** A person whose row is saved: as it was when it was locked, and as it is now. */
export interface ChangedProfile extends PersonKey {
  readonly before: ProfileState;
  readonly state: ProfileState;
}

/** Keeps what people are found by in step with their rows; the rows are locked, and with them their keys. */
export async function changeSearchKeys(
  tx: PoolClient,
  rules: ProfileRules,
  profiles: readonly ChangedProfile[],
): Promise<void> {
  const gone: object[] = [];
  const added: object[] = [];
  for (const profile of profiles) {
    if (!mayHaveOtherKeys(profile)) continue;
    const [before, now] = [keysOf(rules, profile, profile.before), keysOf(rules, profile, profile.state)];
    for (const [key, row] of before) if (!now.has(key)) gone.push(row);
    for (const [key, row] of now) if (!before.has(key)) added.push(row);
  }
  if (gone.length + added.length === 0) return;
  await tx.query({ name: 'change-search-keys', text: change, values: [storableJson(gone), storableJson(added)] });
}

function mayHaveOtherKeys({ before, state }: ChangedProfile): boolean {
  return (
    before.traits !== state.traits ||
    before.computed !== state.computed ||
    before.relationship.accounts !== state.relationship.accounts ||
    before.lifecycle?.stage !== state.lifecycle?.stage
  );
}

function keysOf(
  rules: ProfileRules,
  { workspaceId, profileId }: PersonKey,
  state: ProfileState,
): ReadonlyMap<string, object> {
  return new Map(
    searchKeysOf(rules, state).map(({ name, value }) => [
      `${name}\n${value}`,
      { workspace_id: workspaceId, name, value, profile_id: profileId },
    ]),
  );
}
