import type { MembershipChanged, OpenedTouchpoint, ProfileTouchpoint, ScoreChanged } from '@rapport/events';
import type { ProfileFact } from '@rapport/profile';
import { loadSql } from '@rapport/profile-db';
import type { Platform } from '@rapport/runtime';
import { ask } from '../analytics/ask.js';
import { readTouchpoint } from '../profiles/touchpoint-contents.js';

const sql = {
  lone: loadSql(import.meta.url, 'lone-profiles'),
  positions: loadSql(import.meta.url, 'positions'),
  memberships: loadSql(import.meta.url, 'memberships'),
  scores: loadSql(import.meta.url, 'scores'),
};

/** A person with more touchpoints than this is not rebuilt within a request. */
export const maxTouchpoints = 10_000;

export interface KnownAt {
  /** Every fact that stood on the log then, of all lone profiles that were this person then. */
  readonly facts: readonly ProfileFact[];
  readonly touchpoints: readonly OpenedTouchpoint[];
}

interface Moment {
  readonly workspaceId: string;
  readonly profileId: string;
  /** Log time, milliseconds since the epoch. */
  readonly asOf: number;
}

/**
 * What was known of a person at a time of the log. The analytics tables say where it stands; what it said is read from the
 * log itself. `undefined` where there is too much of it.
 */
export async function readKnownAt(
  platform: Platform,
  { workspaceId, profileId, asOf }: Moment,
): Promise<KnownAt | undefined> {
  const { clickhouse } = platform;
  const params = { workspace: workspaceId, asOf };
  const lone = await ask<{ profile: string }>(clickhouse, sql.lone, { ...params, profile: profileId });
  const profiles = lone.map(({ profile }) => profile);
  const limit = maxTouchpoints + 1;
  const positions = await ask<PositionRow>(clickhouse, sql.positions, { ...params, profiles, limit });
  if (positions.length > maxTouchpoints) return undefined;
  const touchpoints = await openedTouchpoints(platform, workspaceId, profileId, positions);
  const decided = { workspaceId, profileId, causeId: '', imported: false, rearranged: false };
  const facts: ProfileFact[] = touchpoints.map((value) => ({ name: 'profile-touchpoint', value }));
  for (const row of await ask<MembershipRow>(clickhouse, sql.memberships, { ...params, profiles })) {
    const { segment_id: segmentId, change } = row;
    const times = { timestamp: Number(row.timestamp_ms), decidedAt: Number(row.decided_at_ms) };
    facts.push({
      name: 'membership-changed',
      value: { ...decided, segmentId, change, ...times },
      position: positionOf(row),
    });
  }
  for (const row of await ask<ScoreRow>(clickhouse, sql.scores, { ...params, profiles })) {
    const { score_id: scoreId, value, components } = row;
    const score: ScoreChanged = { ...decided, scoreId, value, components, computedAt: Number(row.computed_at_ms) };
    facts.push({ name: 'score-changed', value: score, position: positionOf(row) });
  }
  return { facts, touchpoints };
}

interface PositionRow {
  readonly partition: number;
  readonly offset: number | string;
  readonly lone: string;
}

interface FactRow {
  readonly log_partition: number;
  readonly log_offset: number | string;
}

interface MembershipRow extends FactRow {
  readonly segment_id: string;
  readonly change: MembershipChanged['change'];
  readonly timestamp_ms: number | string;
  readonly decided_at_ms: number | string;
}

interface ScoreRow extends FactRow {
  readonly score_id: string;
  readonly value: number;
  readonly components: Readonly<Record<string, number>>;
  readonly computed_at_ms: number | string;
}

function positionOf({ log_partition: partition, log_offset: offset }: FactRow) {
  return { partition, offset: Number(offset) };
}

async function openedTouchpoints(
  platform: Platform,
  workspaceId: string,
  profileId: string,
  positions: readonly PositionRow[],
): Promise<readonly OpenedTouchpoint[]> {
  const sealed: ProfileTouchpoint[] = [];
  for (const { partition, offset, lone } of positions) {
    const logOffset = Number(offset);
    const touchpoint = await readTouchpoint(platform, { partition, offset: logOffset });
    if (touchpoint?.workspaceId !== workspaceId) continue;
    sealed.push({ ...touchpoint, profileId, loneProfileId: lone, logPartition: partition, logOffset });
  }
  const opened = await platform.vault.openTouchpoints(sealed);
  // Nothing is known any more of what was erased since.
  return opened.filter(({ content }) => content !== undefined);
}
