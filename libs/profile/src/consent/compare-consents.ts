import type { ConsentStatus } from '@rapport/events';
import { compareStamps, type Stamped } from '../stamp.js';

const restriction: Readonly<Record<ConsentStatus, number>> = { granted: 0, denied: 1, withdrawn: 2 };

/** The later by event time counts; of two at the same moment the more restrictive one: when in doubt, be silent. */
export function compareConsents<T extends Stamped & { readonly status: ConsentStatus }>(a: T, b: T): number {
  return a.at[0] - b.at[0] || restriction[a.status] - restriction[b.status] || compareStamps(a.at, b.at);
}
