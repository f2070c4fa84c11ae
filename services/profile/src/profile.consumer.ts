import type { ProfileTouchpoint } from '@rapport/events';
import type { LogRecord, SubjectVault } from '@rapport/event-log';
import { evolveBy, orderOf, type ProfileFact, type ProfileRules, type ProfileState } from '@rapport/profile';
import { lockPeople, movedBy, type LockedPerson, type LoneKey } from '@rapport/profile-db';
import {
  loadProfileRules,
  loadWorkspaces,
  type InputRecord,
  type Outcome,
  type Platform,
  type StatefulConsumer,
} from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { joinAccounts } from './account.store.js';
import { consentOutputs, recordConsents, settlingOwn, type ReadTouchpoint } from './consents.js';
import { LifecycleNotes, type LifecycleCause } from './lifecycle-notes.js';
import { moveProfiles, type RecordedMove } from './move-profiles.js';
import { joinOrderParts, joinOrders, makeOrderParts, type OrderOfProfile } from './order.store.js';
import { profileTable, saveProfiles, type ProfileTable } from './profile.store.js';

/** ISO 4217 for "no currency": amounts without one, of a workspace that is not declared. */
const noCurrency = 'XXX';

interface FactOfRecord {
  readonly record: LogRecord;
  readonly fact: ProfileFact;
}

interface Applying {
  readonly table: ProfileTable;
  readonly rules: ProfileRules;
  /** Currency of a workspace, for amounts that name none. */
  readonly currencyOf: (workspaceId: string) => string;
  readonly lifecycles: LifecycleNotes;
}

/** Keeps the single customer view, and tells what people allow (`consents`) and where a relationship stands (`lifecycle-stages`). */
export async function profileConsumer(platform: Pick<Platform, 'config' | 'vault'>): Promise<StatefulConsumer> {
  const workspaces = await loadWorkspaces(platform.config);
  const rules = await loadProfileRules(platform.config);
  const currencies = new Map(workspaces.map(({ id, currency }) => [id, currency]));
  const table = profileTable(rules);
  const currencyOf = (workspaceId: string): string => currencies.get(workspaceId) ?? noCurrency;

  return {
    name: 'profile',
    topics: ['profile-touchpoints', 'identities', 'memberships', 'scores', 'deliveries', 'timers'],
    // The more of a person's touchpoints come together, the fewer times their row is written.
    maxBatchRecords: 20_000,
    lingerMs: 200,
    handle: async (batch, tx) => {
      const outcomes = new Map<LogRecord, Outcome>();
      const { facts, moves } = await readBatch(batch, platform.vault, outcomes);
      const lifecycles = new LifecycleNotes(rules);
      await moveProfiles(tx, moves, { table, rules, currencyOf, lifecycles });
      await applyFacts(tx, facts, { table, rules, currencyOf, lifecycles });
      await lifecycles.setTimers(tx);
      const touchpoints = facts.flatMap(touchpointOf);
      await recordConsents(tx, touchpoints);
      return { outputs: [...touchpoints.flatMap(consentOutputs), ...lifecycles.outputs], outcomes };
    },
  };
}

async function readBatch(
  batch: readonly InputRecord[],
  vault: SubjectVault,
  outcomes: Map<LogRecord, Outcome>,
): Promise<{ readonly facts: readonly FactOfRecord[]; readonly moves: readonly RecordedMove[] }> {
  const facts: FactOfRecord[] = [];
  const moves: RecordedMove[] = [];
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
        moves.push({ record, move: movedBy(event, record.appendedAt) });
        break;
      case 'timer-fired': {
        const { owner, profileId } = event.value;
        if (owner === 'profile' && profileId !== null) {
          facts.push({ record, fact: { name: 'timer-fired', value: { ...event.value, profileId } } });
        } else outcomes.set(record, { kind: 'skipped', reason: 'timer-of-another' });
        break;
      }
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

async function applyFacts(tx: PoolClient, facts: readonly FactOfRecord[], applying: Applying): Promise<void> {
  if (facts.length === 0) return;
  const { table, rules, currencyOf, lifecycles } = applying;
  const evolve = evolveBy(rules);
  const keys = facts.map(({ fact }) => loneKeyOf(fact));
  const people = await lockPeople(tx, table, keys);
  const orders: { readonly person: LockedPerson<ProfileState>; readonly order: OrderOfProfile }[] = [];
  facts.forEach(({ record, fact }, i) => {
    const lone = keys[i] ?? loneKeyOf(fact);
    const before = people.person(lone).state;
    const person = people.tell(lone, (state) => evolve(state, fact));
    lifecycles.see(person, before, person.state, causeOf(fact, record));
    const order = fact.name === 'profile-touchpoint' ? orderOf(fact.value) : undefined;
    const { workspaceId, profileId } = lone;
    if (order) orders.push({ person, order: { workspaceId, profileId, ...order } });
  });
  await saveProfiles(tx, rules, people);
  await joinAccounts(
    tx,
    facts.flatMap(({ fact }) => (fact.name === 'profile-touchpoint' ? [fact.value] : [])),
  );
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

function causeOf({ name, value }: ProfileFact, record: LogRecord): LifecycleCause {
  if (name === 'timer-fired') {
    // The due time is part of the cause: the same timer id is set again for the next stage.
    return { record, causeId: `${value.timerId}/${value.dueAt}`, imported: false, timerIsGone: true };
  }
  return name === 'profile-touchpoint'
    ? { record, causeId: value.messageId, imported: value.imported, timerIsGone: false }
    : { record, causeId: '', imported: false, timerIsGone: false };
}
