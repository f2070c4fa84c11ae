import { initialState as noMemory, type JourneyPerson } from '@rapport/journeys';
import { loadSql, lockPeople, type LockedPeople, type PersonKey, type PersonRow } from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import type { Contact } from './contact.js';

const sql = {
  lock: loadSql(import.meta.url, 'lock-people'),
  create: loadSql(import.meta.url, 'create-people'),
  save: loadSql(import.meta.url, 'save-people'),
};

/** A person as orchestration keeps them. */
export interface OrchestratedPerson {
  readonly journeys: JourneyPerson;
  readonly contact: Contact | undefined;
}

interface OrchestrateRow extends PersonRow {
  readonly clock: number;
  readonly memory: Omit<JourneyPerson, 'clock'>;
  readonly contact: Contact | null;
}

const initialState: OrchestratedPerson = { journeys: noMemory, contact: undefined };

export function lockOrchestratedPeople(
  tx: PoolClient,
  keys: readonly PersonKey[],
): Promise<LockedPeople<OrchestratedPerson>> {
  const stateOf = ({ clock, memory, contact }: OrchestrateRow): OrchestratedPerson => ({
    // What was stored before a field was known lacks it.
    journeys: { ...noMemory, ...memory, clock },
    contact: contact ?? undefined,
  });
  return lockPeople<OrchestrateRow, OrchestratedPerson>(
    tx,
    { lockSql: sql.lock, createSql: sql.create, stateOf, initialState },
    keys,
  );
}

export async function saveOrchestratedPeople(tx: PoolClient, people: LockedPeople<OrchestratedPerson>): Promise<void> {
  const changed = people.changed();
  if (changed.length === 0) return;
  const rows = changed.map(({ workspaceId, profileId, survivorId, state: { journeys, contact } }) => {
    const { clock, ...memory } = journeys;
    return { workspace_id: workspaceId, profile_id: profileId, survivor_id: survivorId, clock, memory, contact };
  });
  // One JSON parameter: the driver writes arrays element by element, which cost more than everything else here.
  await tx.query({ name: 'save-orchestrated-people', text: sql.save, values: [JSON.stringify(rows)] });
}
