import type { ProfilesMerged, ProfilesSplit } from '@rapport/events';
import { createEventLog, EventLogUnavailableError } from '@rapport/event-log';
import { identifierOf, type Identifier, type Observation } from '@rapport/identity';
import { loadIdentityRules, openPostgresShadow, rebuild, runConsumer, type Platform } from '@rapport/runtime';
import {
  appendTouchpoints,
  caughtUp,
  describeUnless,
  eventually,
  eventsOf,
  identityOracle,
  startKafkaBroker,
  startTestPlatform,
  whyNoKafkaBroker,
  type KafkaBroker,
  type TestPlatform,
} from '@rapport/testing';
import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { resolveConsumer } from './index.js';

const workspaceId = 'default';
const touchpointCount = 600;

interface Said {
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly previousId?: string;
  readonly email?: string;
  readonly timestamp: number;
}

/** People who share devices and mailboxes, users under two ids, kiosks: enough for every rule to be run into. */
function crowd(seed: number): readonly Said[] {
  const random = mersenne(seed);
  const below = (most: number): number => uniformInt(random, 0, most - 1);
  return Array.from({ length: touchpointCount }, (): Said => {
    const timestamp = 1_700_000_000_000 + below(1_000) * 60_000;
    const userId = `user-${below(60)}`;
    const anonymousId = below(8) === 0 ? `kiosk-${below(3)}` : `device-${below(90)}`;
    const kind = below(12);
    if (kind === 0) return { userId, previousId: `user-${below(60)}`, timestamp };
    if (kind < 4) return { anonymousId, timestamp };
    if (kind < 7) return { userId, timestamp, email: `mail-${below(50)}@shop.org` };
    return { userId, anonymousId, timestamp };
  });
}

function observationOf(said: Said, vault: Platform['vault']): Observation {
  const of = (type: string, value: string): Identifier =>
    identifierOf(workspaceId, type, vault.hash(workspaceId, type, value));
  const { userId, anonymousId, previousId, email, timestamp } = said;
  const lead = userId === undefined ? of('anonymousId', anonymousId ?? '') : of('userId', userId);
  const seen = (type: string, value: string | undefined) =>
    value === undefined ? [] : [{ identifier: of(type, value), strength: 'seen-together' as const }];
  const isAlias = previousId !== undefined && previousId !== userId;
  const others = [
    ...(userId === undefined ? [] : seen('anonymousId', anonymousId)),
    ...(isAlias ? [{ identifier: of('userId', previousId), strength: 'declared' as const }] : []),
    ...(isAlias ? seen('anonymousId', previousId) : []),
    ...seen('email', email),
  ];
  return { kind: 'sighting', lead, others, timestamp };
}

/** Appends, and then now and again fails: what a crash between the append and the commit looks like to the runner. */
function crashing(platform: Platform): Platform {
  let appends = 0;
  const eventLog = Object.create(platform.eventLog, {
    append: {
      value: async (records: Parameters<Platform['eventLog']['append']>[0]) => {
        const positions = await platform.eventLog.append(records);
        appends += 1;
        if (appends % 3 === 1) throw new EventLogUnavailableError('cut off after the append');
        return positions;
      },
    },
  }) as Platform['eventLog'];
  return Object.create(platform, { eventLog: { value: eventLog } }) as Platform;
}

async function appendAll(platform: Platform, said: readonly Said[]): Promise<void> {
  for (let i = 0; i < said.length; i += 50) {
    const some = said.slice(i, i + 50).map(({ email, ...one }) => ({
      ...one,
      workspaceId,
      type: one.previousId === undefined ? ('identify' as const) : ('alias' as const),
      ...(email === undefined ? {} : { traits: { email } }),
    }));
    await appendTouchpoints(platform, some);
  }
}

/** Where each lone profile lives on by the log alone: the highest sequence that names it holds. */
async function survivorsOnTheLog(platform: Platform): Promise<(loneProfileId: string) => string> {
  const newest = new Map<string, readonly [sequence: number, profileId: string]>();
  const believe = ({ profileIds, sequence }: ProfilesMerged | ProfilesSplit, to: string): void => {
    for (const id of profileIds) if ((newest.get(id)?.[0] ?? 0) < sequence) newest.set(id, [sequence, to]);
  };
  for (const { value } of await eventsOf(platform, 'identities', 'profiles-merged')) believe(value, value.survivorId);
  for (const { value } of await eventsOf(platform, 'identities', 'profiles-split')) believe(value, value.profileId);
  return (id) => newest.get(id)?.[1] ?? id;
}

async function graphRows({ postgres }: Platform): Promise<string> {
  const identifiers = await postgres.query('SELECT * FROM resolve.identifiers ORDER BY identifier_id');
  const links = await postgres.query('SELECT * FROM resolve.links ORDER BY lower_id, higher_id');
  return JSON.stringify([identifiers.rows, links.rows]);
}

/** Several instances over one log, with crashes, against the oracle; then a replay. */
async function stress(test: TestPlatform, instances: number): Promise<void> {
  const { platform } = test;
  const said = crowd(instances);
  await appendAll(platform, said.slice(0, touchpointCount / 2));
  const running = await Promise.all(
    Array.from({ length: instances }, (_, i) => {
      const instance = crashing(test.another(`instance-${i}`));
      return runConsumer({ ...resolveConsumer(instance), maxBatchRecords: 20 }, instance);
    }),
  );
  await appendAll(platform, said.slice(touchpointCount / 2));
  // One goes in the middle of the work; the others take over what it held.
  await running.pop()?.stop();
  await caughtUp(platform, resolveConsumer(platform));
  for (const each of running) await each.stop();

  const oracle = identityOracle(
    said.map((one) => observationOf(one, platform.vault)),
    await loadIdentityRules(platform.config),
  );
  const { rows } = await platform.postgres.query<{ identifier_id: string; profile_id: string }>(
    'SELECT identifier_id, profile_id FROM resolve.identifiers',
  );
  expect(new Map(rows.map((row) => [row.identifier_id, row.profile_id]))).toEqual(oracle.profileOf);
  expect(new Set(oracle.refusals.values()).size).toBeGreaterThan(1);
  const touchpoints = await eventsOf(platform, 'profile-touchpoints', 'profile-touchpoint');
  const once = new Map(touchpoints.map(({ value }) => [value.messageId, value.loneProfileId]));
  expect(once.size).toBe(touchpointCount);
  const survivorOf = await survivorsOnTheLog(platform);
  for (const loneProfileId of new Set(once.values())) {
    expect(survivorOf(loneProfileId)).toBe(oracle.profileOf.get(loneProfileId));
  }
  await replayed(platform);
}

/** A replay reads partition by partition, in other batches: the graph must come out the same, and nothing be said again. */
async function replayed(platform: Platform): Promise<void> {
  const before = await graphRows(platform);
  const ends = async () => (await platform.eventLog.bounds('identities')).map(({ high }) => high);
  const endsBefore = await ends();
  await rebuild(platform, {
    name: 'resolve',
    consumer: resolveConsumer,
    openShadow: openPostgresShadow,
    maxBatchRecords: 7,
  });
  expect(await graphRows(platform)).toBe(before);
  expect(await ends()).toEqual(endsBefore);
}

describe('several instances of resolve', () => {
  it('end in the clusters of the oracle on the embedded log, whatever fails in between, and so does a replay', async () => {
    const test = await startTestPlatform({ environment: { RAPPORT_PARTITIONS: '4' } });
    try {
      await stress(test, 2);
    } finally {
      await test.stop();
    }
  });
});

describeUnless(await whyNoKafkaBroker())('several instances of resolve on Kafka', () => {
  let broker: KafkaBroker;
  beforeEach(async () => {
    broker = await startKafkaBroker();
    const kafka = { kind: 'kafka' as const, brokers: [broker.address], partitions: 4, replicationFactor: 1 };
    const log = createEventLog(kafka, { clientId: 'topics', clock: Date.now, onError: () => undefined });
    // A broker that has just started may not lead its partitions yet.
    await eventually(() => log.ensureTopics(), 60_000, 500);
    await log.close();
  });
  afterEach(() => broker?.stop());

  it.each([2, 4])(
    '%i of them end in the clusters of the oracle; nothing is lost or twice',
    async (instances) => {
      const key = Buffer.alloc(32, 7).toString('base64');
      const test = await startTestPlatform({
        environment: {
          RAPPORT_KAFKA_BROKERS: broker.address,
          RAPPORT_PARTITIONS: '4',
          RAPPORT_MASTER_KEY: key,
          RAPPORT_HASH_KEY: key,
          RAPPORT_WRITE_KEY: 'wk_resolve_instances',
          RAPPORT_API_KEY: 'ak_resolve_instances_0123456789',
        },
      });
      try {
        await stress(test, instances);
      } finally {
        await test.stop();
      }
    },
    300_000,
  );
});
