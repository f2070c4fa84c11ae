import { stageHistory } from '@rapport/profile';
import type { KnownProfile } from './known-profile.js';
import type { LifecycleDto } from './relationship.dto.js';
import type { ViewContext } from './relationship-view.js';

/**
 * The stage now and all before it. Of orders, more are read than decide the stage; of a person who has more than those
 * too, the history before the oldest that was read is told as if it were the first.
 */
export function lifecycleView(
  { relationship, firstSeenAt }: KnownProfile,
  { rules, now, purchases }: ViewContext,
): LifecycleDto | null {
  if (firstSeenAt === null) return null;
  const { facts = {} } = relationship;
  const orders = purchases.map(({ order_id, ordered_at }) => [order_id, ordered_at.getTime()] as const);
  const periods = stageHistory(rules.stages, { ...facts, orders }, { firstSeenAt, now });
  const history = periods.map(({ stage, because, since }) => ({
    stage,
    because,
    since: new Date(since).toISOString(),
  }));
  const current = history.at(-1);
  return current === undefined ? null : { ...current, history };
}
