import type { ProfileTouchpoint } from '@rapport/events';
import type { LogRecord, SubjectVault } from '@rapport/event-log';
import { evolve, orderOf, type ProfileFact, type ProfileState } from '@rapport/profile';
import { movedBy, type LockedPerson, type LoneKey, type ProfilesMoved } from '@rapport/profile-db';
import { loadWorkspaces, type InputRecord, type Outcome, type Platform, type StatefulConsumer } from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { consentOutputs, recordConsents, settlingOwn, type ReadTouchpoint } from './consents.js';
import { moveProfiles } from './move-profiles.js';
import { joinOrderParts, joinOrders, makeOrderParts, type OrderOfProfile } from './order.store.js';
import { lockProfiles, saveProfiles } from './profile.store.js';

/** ISO 4217 for "no currency": amounts without one, of a workspace that is not declared. */
const noCurrency = 'XXX';

interface FactOfRecord {
  readonly record: LogRecord;
  readonly fact: ProfileFact;
}

/** Keeps the single customer view, and tells on `consents` what people allow. */
export async function profileConsumer(platform: Pick<Platform, 'config' | 'vault'>): Promise<StatefulConsumer> {
  const workspaces = await loadWorkspaces(platform.config);
  const currencies = new Map(workspaces.map(({ id, currency }) => [id, currency]));
  const currencyOf = (workspaceId: string): string => currencies.get(workspaceId) ?? noCurrency;

  return {
    name: 'profile',
    topics: ['profile-touchpoints', 'identities', 'memberships', 'scores', 'deliveries'],
    // The more of a person's touchpoints come together, the fewer times their row is written.
    maxBatchRecords: 20_000,
    handle: async (batch, tx) => {
      const outcomes = new Map<LogRecord, Outcome>();
      const { facts, moves } = await readBatch(batch, platform.vault, outcomes);
      await moveProfiles(tx, moves, currencyOf);
      await applyFacts(tx, facts, currencyOf);
      const touchpoints = facts.flatMap(touchpointOf);
      await recordConsents(tx, touchpoints);
      return { outputs: touchpoints.flatMap(consentOutputs), outcomes };
    },
  };
}

async function readBatch(
  batch: readonly InputRecord[],
  vault: SubjectVault,
  outcomes: Map<LogRecord, Outcome>,
): Promise<{ readonly facts: readonly FactOfRecord[]; readonly moves: readonly ProfilesMoved[] }> {
  const facts: FactOfRecord[] = [];
  const moves: ProfilesMoved[] = [];
  const sealed: { record: LogRecord; value: ProfileTouchpoint }[] = [];
  for (const { record, event } of batch) {
    switch (event.name) {
      case 'profile-touchpoint':
        sealed.push({ record, value: event.value });
        break;
      case 'membership-changed':
      case 'score-changed':
      case 'delivery-recorded':
        facts.push({ record, fact: { ...event, position: record } });
        break;
      case 'profiles-merged':
      case 'profiles-split':
        moves.push(movedBy(event, record.appendedAt));
        break;
      default:
        outcomes.set(record, { kind: 'skipped', reason: `no-use-of-${event.name}` });
    }
  }
  const opened = await vault.openTouchpoints(sealed.map(({ value }) => value));
  opened.forEach((value, i) => {
    const record = sealed[i]?.record;
    if (!record) return;
    if (value.content) facts.push({ record, fact: { name: 'profile-touchpoint', value: settlingOwn(value, vault) } });
    else outcomes.set(record, { kind: 'skipped', reason: 'erased' });
  });
  return { facts, moves };
}

type CurrencyOf = (workspaceId: string) => string;

async function applyFacts(tx: PoolClient, facts: readonly FactOfRecord[], currencyOf: CurrencyOf): Promise<void> {
  if (facts.length === 0) return;
  const people = await lockProfiles(
    tx,
    facts.map(({ fact }) => loneKeyOf(fact)),
  );
  const orders: { readonly person: LockedPerson<ProfileState>; readonly order: OrderOfProfile }[] = [];
  for (const { fact } of facts) {
    const lone = loneKeyOf(fact);
    const person = people.tell(lone, (state) => evolve(state, fact));
    const order = fact.name === 'profile-touchpoint' ? orderOf(fact.value) : undefined;
    const { workspaceId, profileId } = lone;
    if (order) orders.push({ person, order: { workspaceId, profileId, ...order } });
  }
  await saveProfiles(tx, people);
  await makeOrderParts(tx, people.becameParts());
  await joinOrders(
    tx,
    orders.map(({ person: { profileId }, order }) => ({ ...order, profileId })),
    currencyOf,
  );
  // Asked at the end, as a person may turn out to have several profiles in the midst of the batch.
  const ofParts = orders.filter(({ person: { partIds } }) => partIds.length > 0);
  await joinOrderParts(
    tx,
    ofParts.map(({ order }) => order),
  );
}

/** What a touchpoint tells, it tells of its lone profile; all else of the profile it is about. */
function loneKeyOf({ name, value }: ProfileFact): LoneKey {
  const { workspaceId, profileId } = value;
  return name === 'profile-touchpoint'
    ? { workspaceId, profileId: value.loneProfileId, livesIn: profileId }
    : { workspaceId, profileId };
}

function touchpointOf({ record, fact }: FactOfRecord): readonly ReadTouchpoint[] {
  return fact.name === 'profile-touchpoint' ? [{ record, touchpoint: fact.value }] : [];
}
