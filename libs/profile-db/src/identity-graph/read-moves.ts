import type { PoolClient } from 'pg';
import { loadSql } from '../load-sql.js';

const readMovesSql = loadSql(import.meta.url, 'read-moves');

export interface MovesSince {
  /** Changes when the graph was dropped. Both `undefined` before its first change. */
  readonly epoch: number | undefined;
  /** Of the newest change. */
  readonly sequence: number | undefined;
  /** In their order. */
  readonly moves: readonly { readonly identifierId: string; readonly profileId: string }[];
}

/** Which identifiers came to another profile after the change `sequence`. */
export async function readMoves(tx: PoolClient, sequence: number): Promise<MovesSince> {
  const { rows } = await tx.query<{
    epoch: number;
    sequence: number;
    identifier_id: string | null;
    profile_id: string | null;
  }>({ name: 'identity-read-moves', text: readMovesSql, values: [sequence] });
  return {
    epoch: rows[0]?.epoch,
    sequence: rows[0]?.sequence,
    moves: rows.flatMap(({ identifier_id: identifierId, profile_id: profileId }) =>
      identifierId === null || profileId === null ? [] : [{ identifierId, profileId }],
    ),
  };
}
