import { GoneException } from '@nestjs/common';
import { ApiGoneResponse } from '@nestjs/swagger';
import { loadSql } from '@rapport/profile-db';
import type { Pool } from 'pg';
import { ProblemDto } from '../access/problem.dto.js';

const findBeingErased = loadSql(import.meta.url, 'find-being-erased');

/** Whoever asks for a person whose erasure was requested and is not completed; 410 over HTTP. */
export class BeingErasedException extends GoneException {
  constructor(readonly erasureId: string) {
    super(`This person is being erased, and nothing of them is given any more. The erasure is ${erasureId}.`);
  }
}

/** For controllers of one person. */
export function ApiBeingErasedResponse(): ClassDecorator {
  const description = 'The person is being erased, and nothing of them is given any more';
  return ApiGoneResponse({ type: ProblemDto, description }) as ClassDecorator;
}

/** Of these profile ids those whose person is being erased, in the order given, with the id of the erasure. */
export async function beingErased(
  db: Pool,
  workspaceId: string,
  profileIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (profileIds.length === 0) return new Map();
  const { rows } = await db.query<{ person_id: string; erasure_id: string }>({
    name: 'query-being-erased',
    text: findBeingErased,
    values: [workspaceId, profileIds],
  });
  return new Map(rows.map(({ person_id: id, erasure_id: erasureId }) => [id, erasureId]));
}
