import { initialState as noMemory, mergeParts, type JourneyPerson } from '@rapport/journeys';
import {
  loadSql,
  lockPeople,
  RememberedStates,
  saveParts,
  type LockedPeople,
  type LoneKey,
  type PeopleTable,
  type StateRow,
  type ProfilesMoved,
} from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import { newestContact, type Contact } from './contact.js';

const sql = {
  lock: loadSql(import.meta.url, 'lock-people'),
  states: loadSql(import.meta.url, 'load-states'),
  create: loadSql(import.meta.url, 'create-people'),
  save: loadSql(import.meta.url, 'save-people'),
  parts: loadSql(import.meta.url, 'load-parts'),
};

/** A person as orchestration keeps them. */
export interface OrchestratedPerson {
  readonly journeys: JourneyPerson;
  readonly contact: Contact | undefined;
}

interface OrchestrateRow extends StateRow {
  readonly clock: number;
  readonly memory: Omit<JourneyPerson, 'clock'>;
  readonly contact: Contact | null;
}

const initialState: OrchestratedPerson = { journeys: noMemory, contact: undefined };

const table: PeopleTable<OrchestrateRow, OrchestratedPerson> = {
  name: 'orchestrate',
  lockSql: sql.lock,
  statesSql: sql.states,
  remembered: new RememberedStates(),
  createSql: sql.create,
  partsSql: sql.parts,
  // What was stored before a field was known lacks it.
  stateOf: ({ clock, memory, contact }) => ({
    journeys: { ...noMemory, ...memory, clock },
    contact: contact ?? undefined,
  }),
  stateOfPart: ({ journeys, contact }: OrchestratedPerson) => ({ journeys: { ...noMemory, ...journeys }, contact }),
  initialState,
  merge: (a, b) => ({ journeys: mergeParts(a.journeys, b.journeys), contact: newestContact(a.contact, b.contact) }),
  // What one profile does may end a passage that another one began.
  needsAllParts: true,
};

export function lockOrchestratedPeople(
  tx: PoolClient,
  keys: readonly LoneKey[],
  moves: readonly ProfilesMoved[],
): Promise<LockedPeople<OrchestratedPerson>> {
  return lockPeople(tx, table, keys, moves);
}

export async function saveOrchestratedPeople(tx: PoolClient, people: LockedPeople<OrchestratedPerson>): Promise<void> {
  const changed = people.changed();
  if (changed.length === 0) return;
  const rows = changed.map(
    ({ workspaceId, profileId, survivorId, sequence, partIds, state: { journeys, contact } }) => {
      const { clock, ...memory } = journeys;
      const row = { workspace_id: workspaceId, profile_id: profileId, survivor_id: survivorId, sequence };
      return { ...row, part_ids: partIds, clock, memory, contact };
    },
  );
  // One JSON parameter: the driver writes arrays element by element, which cost more than everything else here.
  await tx.query({ name: 'save-orchestrated-people', text: sql.save, values: [JSON.stringify(rows)] });
  people.saved();
  await saveParts(tx, 'orchestrate', people);
}
