import type { TopicPartition } from '@rapport/event-log';
import { loadSql } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';
import type { InputRecord } from '../consumer/consumer.js';
import { peopleOfEvent } from './people-of-event.js';

const sql = {
  state: loadSql(import.meta.url, 'read-erasure-state'),
  find: loadSql(import.meta.url, 'find-erased'),
};

type Database = Pool | PoolClient;
type PeopleOf = typeof peopleOfEvent;

interface ErasureState {
  readonly epoch: number;
  readonly underWay: number;
  /** By `topic/partition`: behind this offset no erasure reaches. */
  readonly reach: Readonly<Record<string, number>>;
}

const nobody: ErasureState = { epoch: 0, underWay: 0, reach: {} };

/**
 * Tells a consumer which records are about people who were erased. Every consumer passes over the same ones, whenever it
 * reads them: what is computed after an erasure and what a replay computes again agree. Costs nothing while no erasure is
 * under way and the consumer stands behind all that were.
 */
export class ErasedPeople {
  private state = nobody;

  /** `epoch` as it was read together with the position of the batch. */
  async among(
    db: Database,
    epoch: number,
    at: TopicPartition,
    inputs: readonly InputRecord[],
    peopleOf: PeopleOf = peopleOfEvent,
  ): Promise<ReadonlySet<InputRecord>> {
    if (epoch !== this.state.epoch) this.state = await readState(db, epoch);
    const place = `${at.topic}/${at.partition}`;
    const first = inputs[0]?.record.offset ?? Infinity;
    if (this.state.underWay === 0 && first >= (this.state.reach[place] ?? 0)) return new Set();
    const cuts = await findCuts(db, place, inputs, peopleOf);
    return new Set(cuts.size === 0 ? [] : inputs.filter((input) => isErased(input, cuts, peopleOf)));
  }
}

async function readState(db: Database, epoch: number): Promise<ErasureState> {
  const { rows } = await db.query<{ under_way: number; reach: Record<string, number> }>(sql.state);
  return { epoch, underWay: rows[0]?.under_way ?? 0, reach: rows[0]?.reach ?? {} };
}

async function findCuts(
  db: Database,
  place: string,
  inputs: readonly InputRecord[],
  peopleOf: PeopleOf,
): Promise<ReadonlyMap<string, number>> {
  const asked = new Map(
    inputs.flatMap(({ event }) =>
      peopleOf(event).map((id) => [personKey(event.value.workspaceId, id), [event.value.workspaceId, id]] as const),
    ),
  );
  if (asked.size === 0) return new Map();
  const people = [...asked.values()];
  const { rows } = await db.query<{ workspace_id: string; person_id: string; cut: number }>({
    name: 'find-erased',
    text: sql.find,
    values: [people.map(([workspaceId]) => workspaceId), people.map(([, id]) => id), place],
  });
  return new Map(rows.map((row) => [personKey(row.workspace_id, row.person_id), row.cut]));
}

function isErased({ record, event }: InputRecord, cuts: ReadonlyMap<string, number>, peopleOf: PeopleOf): boolean {
  const people = peopleOf(event);
  return (
    people.length > 0 && people.every((id) => record.offset < (cuts.get(personKey(event.value.workspaceId, id)) ?? 0))
  );
}

function personKey(workspaceId: string, id: string): string {
  return `${workspaceId}\n${id}`;
}
