import type { ProfilesMerged, ProfileTouchpoint } from '@rapport/events';
import type { LogRecord, SubjectVault } from '@rapport/event-log';
import { evolve, merge, orderOf, type ProfileFact } from '@rapport/profile';
import type { PersonKey } from '@rapport/profile-db';
import { loadWorkspaces, type InputRecord, type Outcome, type Platform, type StatefulConsumer } from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { consentOutputs, recordConsents, settlingOwn, type ReadTouchpoint } from './consents.js';
import { joinOrders, takeOrders, type OrderOfProfile } from './order.store.js';
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
      const { facts, merges } = await readBatch(batch, platform.vault, outcomes);
      await applyMerges(tx, merges, currencyOf);
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
): Promise<{ readonly facts: readonly FactOfRecord[]; readonly merges: readonly ProfilesMerged[] }> {
  const facts: FactOfRecord[] = [];
  const merges: ProfilesMerged[] = [];
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
        merges.push(event.value);
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
  return { facts, merges };
}

type CurrencyOf = (workspaceId: string) => string;

async function applyFacts(tx: PoolClient, facts: readonly FactOfRecord[], currencyOf: CurrencyOf): Promise<void> {
  if (facts.length === 0) return;
  const people = await lockProfiles(
    tx,
    facts.map(({ fact }) => fact.value),
  );
  const orders: OrderOfProfile[] = [];
  for (const { fact } of facts) {
    const person = people.person(fact.value);
    person.state = evolve(person.state, fact);
    person.changed = true;
    const order = fact.name === 'profile-touchpoint' ? orderOf(fact.value) : undefined;
    if (order) orders.push({ ...keyOf(person), ...order });
  }
  await saveProfiles(tx, people.changed());
  await joinOrders(tx, orders, currencyOf);
}

/** The merged profile's row stays, empty, and names who it is now; a later fact about it follows. */
async function applyMerges(tx: PoolClient, merges: readonly ProfilesMerged[], currencyOf: CurrencyOf): Promise<void> {
  if (merges.length === 0) return;
  const people = await lockProfiles(
    tx,
    merges.flatMap(({ workspaceId, survivorId, mergedId }) => [
      { workspaceId, profileId: survivorId },
      { workspaceId, profileId: mergedId },
    ]),
  );
  for (const { workspaceId, survivorId, mergedId } of merges) {
    const both = people.merge({ workspaceId, profileId: survivorId }, { workspaceId, profileId: mergedId });
    if (both) both.survivor.state = merge(both.survivor.state, both.memory);
  }
  await saveProfiles(tx, people.changed());
  const merged = people.changed().filter(({ survivorId: into }) => into !== null);
  const taken = await takeOrders(tx, merged);
  const moved = taken.map((order) => ({ ...order, ...keyOf(people.person(order)) }));
  await joinOrders(tx, moved, currencyOf);
}

function keyOf({ workspaceId, profileId }: PersonKey): PersonKey {
  return { workspaceId, profileId };
}

function touchpointOf({ record, fact }: FactOfRecord): readonly ReadTouchpoint[] {
  return fact.name === 'profile-touchpoint' ? [{ record, touchpoint: fact.value }] : [];
}
