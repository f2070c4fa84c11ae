import type { DeliveryRequested } from '@rapport/events';
import { SuppressionList } from '@rapport/event-log';
import { formsOf } from '@rapport/identity';
import { preferencesOf, refusalOf, statementsOf, type ProfileState, type Refusal } from '@rapport/profile';
import { loadSql } from '@rapport/profile-db';
import { caughtUpWith, loadConsentPolicy, loadIdentityRules, RetriableError, type Platform } from '@rapport/runtime';
import type { PoolClient } from 'pg';

const readConsents = loadSql(import.meta.url, 'read-consents');

/** Longer than consumers lag in a healthy system; beyond it the batch is tried again from the start. */
const patienceMs = 10_000;

export type WithheldReason = Refusal | 'suppressed';

/** A message that is ready to leave, and where it would go. */
export interface Outgoing {
  readonly request: DeliveryRequested;
  readonly to: string;
}

/** Why each message must not leave, in their order; `undefined` where it may. */
export type DeliveryGate = (
  outgoing: readonly Outgoing[],
  tx: PoolClient,
) => Promise<readonly (WithheldReason | undefined)[]>;

/**
 * The last look before a message leaves. It waits until everything that stood on the log at this moment has reached the
 * profiles, so that no message leaves against a withdrawal that was acknowledged before. Throws `RetriableError` where
 * they do not keep up: better late than against somebody's will.
 */
export async function createDeliveryGate(
  platform: Pick<Platform, 'config' | 'eventLog' | 'codec' | 'vault' | 'clock'>,
): Promise<DeliveryGate> {
  const { eventLog, clock } = platform;
  const policy = await loadConsentPolicy(platform.config);
  const rules = await loadIdentityRules(platform.config);
  const suppressions = new SuppressionList(platform);
  return async (outgoing, tx) => {
    if (outgoing.length === 0) return [];
    await suppressions.refresh();
    const known = { eventLog, postgres: tx };
    const isKnown =
      (await caughtUpWith(known, 'resolve', ['touchpoints'], patienceMs)) &&
      (await caughtUpWith(known, 'profile', ['profile-touchpoints', 'identities'], patienceMs));
    if (!isKnown) throw new RetriableError('consents are behind the log; messages wait for them');
    const said = await consentsOf(outgoing, tx);
    return outgoing.map(({ request, to }) => {
      const { workspaceId, profileId, purpose, channel } = request;
      if (suppressions.find(workspaceId, formsOf(addressOf(channel, to), rules))) return 'suppressed';
      const row = said.get(`${workspaceId}/${profileId}`);
      const memory = {
        consents: statementsOf(row?.consents ?? {}),
        preferences: preferencesOf(row?.preferences ?? {}),
        // How often a person is written to is decided where the message was requested.
        sentAt: [],
      };
      return refusalOf(policy, memory, { purpose, channel }, clock());
    });
  };
}

function addressOf(channel: string, to: string) {
  return { type: channel === 'sms' ? 'phone' : 'email', value: to };
}

type SaidInRow = Pick<ProfileState, 'consents' | 'preferences'>;

async function consentsOf(outgoing: readonly Outgoing[], tx: PoolClient): Promise<ReadonlyMap<string, SaidInRow>> {
  const { rows } = await tx.query<SaidInRow & { readonly workspace_id: string; readonly asked_id: string }>(
    readConsents,
    [outgoing.map(({ request }) => request.workspaceId), outgoing.map(({ request }) => request.profileId)],
  );
  return new Map(rows.map((row) => [`${row.workspace_id}/${row.asked_id}`, row]));
}
