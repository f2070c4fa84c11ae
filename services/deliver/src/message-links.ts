import type { DeliveryRequested } from '@rapport/events';
import { isPromotional } from '@rapport/profile';
import { createPreferenceTokens, loadConsentPolicy, type Platform } from '@rapport/runtime';

/** Links that belong to one message. */
export interface MessageLinks {
  /** For templates: `unsubscribe_url` and `preferences_url`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Headers of one-click unsubscription (RFC 8058); none where the message cannot be refused. */
  readonly headers: Readonly<Record<string, string>>;
}

export type LinksOf = (request: DeliveryRequested) => Promise<MessageLinks>;

export async function createMessageLinks({ config, clock }: Pick<Platform, 'config' | 'clock'>): Promise<LinksOf> {
  const tokens = createPreferenceTokens(config.secrets.hashKey);
  const policy = await loadConsentPolicy(config);
  return async ({ workspaceId, profileId, purpose, channel, deliveryId }): Promise<MessageLinks> => {
    const token = await tokens.sign({ workspaceId, profileId, purpose, channel, deliveryId }, clock());
    const unsubscribeUrl = `${config.publicUrl}/unsubscribe/${token}`;
    const oneClick: MessageLinks['headers'] = {
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    };
    return {
      variables: { unsubscribe_url: unsubscribeUrl, preferences_url: `${config.publicUrl}/preferences/${token}` },
      headers: isPromotional(policy, purpose, channel) ? oneClick : {},
    };
  };
}
