import type { Facts } from '@rapport/journeys';
import { isPromotional, refusalOf, type ConsentPolicy } from '@rapport/profile';

/** What consent and wishes in the memory of a person say under this policy. */
export function refusalBy(policy: ConsentPolicy): Facts['refusal'] {
  return ({ consents, preferences, sent }, send, at) => {
    const memory = {
      consents: Object.values(consents),
      preferences: Object.values(preferences),
      sentAt: sent.flatMap((message) => (isPromotional(policy, message.purpose, message.channel) ? [message.at] : [])),
    };
    return refusalOf(policy, memory, send, at);
  };
}
