import type { PoolClient } from 'pg';
import { loadSql } from '../load-sql.js';
import type { LockedPeople } from './locked-people.js';

const sql = loadSql(import.meta.url, 'save-parts');

/** Saves the parts that changed into the table `parts` of a service's schema. `toJson`: how its states are written. */
export async function saveParts(
  tx: PoolClient,
  schema: 'orchestrate' | 'profile' | 'segment',
  people: Pick<LockedPeople<unknown>, 'changedParts'>,
  toJson: (parts: readonly object[]) => string = JSON.stringify,
): Promise<void> {
  const parts = people.changedParts().map(({ workspaceId, profileId, state }) => ({
    workspace_id: workspaceId,
    profile_id: profileId,
    state,
  }));
  if (parts.length === 0) return;
  const text = sql.replaceAll('service.parts', `${schema}.parts`);
  // One JSON parameter: the driver writes arrays element by element.
  await tx.query({ name: `save-parts-of-${schema}`, text, values: [toJson(parts)] });
}
