import { querySettings } from '@rapport/analytics-db';
import type { RecordToAppend } from '@rapport/event-log';
import type { LogEventName, LogEvents, TopicName } from '@rapport/events';
import { fireDueTimers, runConsumer } from '@rapport/runtime';
import { compileToClickHouse, segmentFrom, type ConditionInFile } from '@rapport/segmentation';
import { analyzeConsumer } from '@rapport/service-analyze';
import { loadSegments, segmentConsumerOf } from '@rapport/service-segment';
import { caughtUp, Identities, sealedTouchpoint, startTestPlatform, type TestPlatform } from '@rapport/testing';
import fc from 'fast-check';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const conditions: readonly ConditionInFile[] = [
  { performed: { event: 'Order Completed', times: { at_least: 2, at_most: 3 } } },
  { performed: { event: 'Signed Up', within: '20 days' } },
  { all: [{ performed: { event: 'Signed Up' } }, { not: { performed: { event: 'Order Completed' } } }] },
  {
    any: [
      { performed: { event: 'Order Completed', times: { exactly: 4 } } },
      { performed: { event: 'Signed Up', within: '1 day' } },
    ],
  },
  {
    all: [
      { performed: { event: 'Signed Up' } },
      {
        any: [
          { not_performed: { event: 'Order Completed', within: '30 days' } },
          { performed: { event: 'Signed Up', times: { at_least: 3 } } },
        ],
      },
      { all: [] },
    ],
  },
];

/** What happened to 40 people in 150 days, deterministic: touchpoints in any order, then some of them turn out to be one. */
const history = fc.record({
  touchpoints: fc.array(
    fc.record({
      person: fc.nat(39),
      event: fc.constantFrom('Order Completed', 'Signed Up', 'Product Viewed'),
      at: fc.integer({ min: 0, max: 150 * day }),
      type: fc.constantFrom('track' as const, 'track' as const, 'track' as const, 'page' as const),
    }),
    { minLength: 300, maxLength: 300 },
  ),
  merges: fc.uniqueArray(fc.tuple(fc.nat(38), fc.nat(38)), {
    minLength: 8,
    maxLength: 8,
    selector: ([merged]) => merged,
  }),
});

describe('a segment in the stream and in SQL', () => {
  let test: TestPlatform;

  beforeAll(async () => {
    test = await startTestPlatform();
    await test.startClickHouse();
  });
  afterAll(() => test.stop());

  const encoded = <N extends LogEventName>(
    topic: TopicName,
    key: string,
    name: N,
    value: LogEvents[N],
  ): RecordToAppend => ({
    topic,
    key,
    value: test.platform.codec.encode(name, value),
  });
  const profile = (person: number) => `person-${String(person).padStart(2, '0')}`;

  it('has the same members, whatever happened, at whatever time', async () => {
    const [{ touchpoints, merges }] = fc.sample(history, { seed: 20_261_122, numRuns: 1 }) as [
      typeof history extends fc.Arbitrary<infer T> ? T : never,
    ];
    const definitions = [
      ...(await loadSegments(test.config)),
      ...conditions.map((when, i) => segmentFrom({ id: `custom-${i}`, name: `Custom ${i}`, when })),
    ];
    const sealed = await Promise.all(
      touchpoints.map(({ person, event, at, type }, i) =>
        sealedTouchpoint(test.platform.vault, {
          messageId: `m${i}`,
          profileId: profile(person),
          type,
          event: type === 'track' ? event : null,
          timestamp: start + at,
          receivedAt: start + at + (i % 7) * 1000,
        }),
      ),
    );
    const identities = new Identities('shop');
    await test.platform.eventLog.append([
      ...sealed.map((value) => encoded('profile-touchpoints', value.profileId, 'profile-touchpoint', value)),
      ...merges.map(([merged, other]) => {
        const survivor = profile(Math.max(merged, other) + (merged >= other ? 1 : 0));
        const value = identities.merged(survivor, profile(merged), { timestamp: start });
        return encoded('identities', value.mergedId, 'profiles-merged', value);
      }),
    ]);

    const segment = segmentConsumerOf(definitions);
    const analyze = await analyzeConsumer(test.platform);
    const running = [await runConsumer(segment, test.platform), await runConsumer(analyze, test.platform)];
    await caughtUp(test.platform, analyze);
    await caughtUp(test.platform, segment);

    const everIn = new Set<string>();
    for (const now of [151, 158, 170, 200, 300].map((days) => start + days * day)) {
      // Every timer that is due fires at `now`; people nobody waits for are asked about the same moment.
      while ((await fireDueTimers('segment', now, test.platform)) > 0) await caughtUp(test.platform, segment);
      for (const definition of definitions) {
        const { query, query_params } = compileToClickHouse(definition, {
          workspaceId: 'shop',
          now,
          from: 'touchpoints',
        });
        const result = await test.platform.clickhouse.query({
          query,
          query_params,
          format: 'JSONEachRow',
          clickhouse_settings: querySettings,
        });
        const inSql = (await result.json<{ profile_id: string }>()).map(({ profile_id }) => profile_id);
        const { rows } = await test.platform.postgres.query<{ profile_id: string }>(
          'SELECT profile_id FROM segment.memberships WHERE segment_id = $1 ORDER BY profile_id',
          [definition.id],
        );
        if (inSql.length > 0) everIn.add(definition.id);
        expect({ segment: definition.id, now, members: rows.map(({ profile_id }) => profile_id) }).toEqual({
          segment: definition.id,
          now,
          members: inSql,
        });
      }
    }
    expect([...everIn].sort()).toEqual(definitions.map(({ id }) => id).sort());
    for (const each of running) await each.stop();
  });
});
