import type { OpenedTouchpoint, ProfileTouchpoint } from '@rapport/events';
import type { LogRecord, SubjectVault } from '@rapport/event-log';
import {
  evolveBy,
  initialState,
  orderOf,
  type ProfileFact,
  type ProfileRules,
  type ProfileState,
} from '@rapport/profile';
import { lockPeople, movedBy, type LockedPeople, type LockedPerson, type LoneKey } from '@rapport/profile-db';
import {
  loadProfileRules,
  loadWorkspaces,
  type InputRecord,
  type Outcome,
  type Platform,
  type StatefulConsumer,
} from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { joinAccounts, namesAccount } from './account.store.js';
import { consentOutputs, recordConsents, saysConsent, settlingOwn, type ReadTouchpoint } from './consents.js';
import { LifecycleNotes, type LifecycleCause } from './lifecycle-notes.js';
import { moveProfiles, type RecordedMove } from './move-profiles.js';
import { joinOrderParts, joinOrders, makeOrderParts, type OrderOfProfile } from './order.store.js';
import { profileTable, saveProfiles, type ProfileTable } from './profile.store.js';

/** ISO 4217 for "no currency": amounts without one, of a workspace that is not declared. */
const noCurrency = 'XXX';

/** Of a touchpoint only the envelope is there until its content is read. */
interface FactOfRecord {
  readonly record: LogRecord;
  readonly lone: LoneKey;
  readonly read: () => ProfileFact;
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
    handle: async (batch, tx, isMute) => {
      const outcomes = new Map<LogRecord, Outcome>();
      const { facts, moves } = await readBatch(batch, platform.vault, outcomes);
      const lifecycles = new LifecycleNotes(rules, isMute);
      await moveProfiles(tx, moves, { table, rules, currencyOf, lifecycles });
      const consents = await applyFacts(tx, facts, { table, rules, currencyOf, lifecycles });
      await lifecycles.setTimers(tx);
      await recordConsents(tx, consents);
      return { outputs: isMute ? [] : [...consents.flatMap(consentOutputs), ...lifecycles.outputs], outcomes };
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
        facts.push(factOf(record, { ...event, position: record }));
        break;
      case 'profiles-merged':
      case 'profiles-split':
        moves.push({ record, move: movedBy(event, record.appendedAt) });
        break;
      case 'timer-fired': {
        const { owner, profileId } = event.value;
        if (owner === 'profile' && profileId !== null) {
          facts.push(factOf(record, { name: 'timer-fired', value: { ...event.value, profileId } }));
        } else outcomes.set(record, { kind: 'skipped', reason: 'timer-of-another' });
        break;
      }
      default:
        outcomes.set(record, { kind: 'skipped', reason: `no-use-of-${event.name}` });
    }
  }
  const readers = await vault.readersOf(sealed.map(({ value }) => value));
  sealed.forEach(({ record, value }, i) => {
    const reader = readers[i];
    if (reader === undefined) outcomes.set(record, { kind: 'skipped', reason: 'erased' });
    else facts.push(factOfTouchpoint(record, value, () => settlingOwn(reader(), vault)));
  });
  return { facts, moves };
}

/** What facts say beside the rows of people. */
interface Said {
  readonly orders: { readonly person: LockedPerson<ProfileState>; readonly order: OrderOfProfile }[];
  readonly accounts: OpenedTouchpoint[];
  readonly consents: ReadTouchpoint[];
}

/** Gives the touchpoints that say what people allow. */
async function applyFacts(
  tx: PoolClient,
  facts: readonly FactOfRecord[],
  { table, rules, currencyOf, lifecycles }: Applying,
): Promise<readonly ReadTouchpoint[]> {
  if (facts.length === 0) return [];
  const people = await lockPeople(
    tx,
    table,
    facts.map(({ lone }) => lone),
  );
  const { orders, accounts, consents } = tellFacts(people, facts, rules, lifecycles);
  await saveProfiles(tx, rules, people);
  await joinAccounts(tx, accounts);
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
  return consents;
}

/** Reads one content after the other: what most say is in the person's state then, and the content is let go. */
function tellFacts(
  people: LockedPeople<ProfileState>,
  facts: readonly FactOfRecord[],
  rules: ProfileRules,
  lifecycles: LifecycleNotes,
): Said {
  const evolve = evolveBy(rules);
  const said: Said = { orders: [], accounts: [], consents: [] };
  for (const { record, lone, read } of facts) {
    const fact = read();
    let before: ProfileState = initialState;
    const person = people.tell(lone, (state) => {
      before = state;
      return evolve(state, fact);
    });
    lifecycles.see(person, before, person.state, causeOf(fact, record));
    if (fact.name === 'profile-touchpoint') noteBeside(said, record, fact.value, person);
  }
  return said;
}

function noteBeside(
  { orders, accounts, consents }: Said,
  record: LogRecord,
  touchpoint: OpenedTouchpoint,
  person: LockedPerson<ProfileState>,
): void {
  const { workspaceId, loneProfileId: profileId } = touchpoint;
  const order = orderOf(touchpoint);
  if (order) orders.push({ person, order: { workspaceId, profileId, ...order } });
  if (namesAccount(touchpoint)) accounts.push(touchpoint);
  if (saysConsent(touchpoint)) consents.push({ record, touchpoint });
}

/** What a touchpoint tells, it tells of its lone profile; all else of the profile it is about. */
function factOfTouchpoint(
  record: LogRecord,
  { workspaceId, loneProfileId: profileId, profileId: livesIn }: ProfileTouchpoint,
  open: () => OpenedTouchpoint,
): FactOfRecord {
  const read = (): ProfileFact => ({ name: 'profile-touchpoint', value: open() });
  return { record, lone: { workspaceId, profileId, livesIn }, read };
}

function factOf(record: LogRecord, fact: Exclude<ProfileFact, { name: 'profile-touchpoint' }>): FactOfRecord {
  const { workspaceId, profileId } = fact.value;
  return { record, lone: { workspaceId, profileId }, read: () => fact };
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
