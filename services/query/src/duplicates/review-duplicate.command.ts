import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { loadSql } from '@rapport/profile-db';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { appendDecision } from '../identity/append-decision.js';
import type { DuplicateDecisionDto } from './duplicates.dto.js';

const sql = {
  read: loadSql(import.meta.url, 'read-suggestion'),
  identifiers: loadSql(import.meta.url, 'lead-identifiers'),
  forget: loadSql(import.meta.url, 'forget-suggestion'),
};

export type Verdict = 'accepted' | 'refused';

/** Somebody looked at a suggestion: the two are one person, or are not. `undefined` where there is no such suggestion. */
export class ReviewDuplicate extends Command<DuplicateDecisionDto | undefined> {
  constructor(
    readonly workspaceId: string,
    readonly suggestionId: string,
    readonly verdict: Verdict,
    readonly decidedBy: string,
  ) {
    super();
  }
}

@CommandHandler(ReviewDuplicate)
export class ReviewDuplicateHandler implements ICommandHandler<ReviewDuplicate> {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async execute({ workspaceId, suggestionId, verdict, decidedBy }: ReviewDuplicate) {
    const { postgres } = this.platform;
    const found = await postgres.query<{ lower_id: string; higher_id: string }>(sql.read, [workspaceId, suggestionId]);
    const [pair] = found.rows;
    if (pair === undefined) return undefined;
    const { rows } = await postgres.query<{ identifier_type: string; identifier_hash: string }>(sql.identifiers, [
      workspaceId,
      [pair.lower_id, pair.higher_id],
    ]);
    // One of the two was erased since.
    if (rows.length < 2) return undefined;
    const { decisionId } = await appendDecision(this.platform, {
      workspaceId,
      kind: verdict === 'accepted' ? 'link' : 'split',
      identifiers: rows.map(({ identifier_type: type, identifier_hash: hash }) => ({ type, hash })),
      reason: `duplicate-${verdict}`,
      decidedBy,
    });
    await postgres.query(sql.forget, [workspaceId, suggestionId]);
    return { decisionId };
  }
}
