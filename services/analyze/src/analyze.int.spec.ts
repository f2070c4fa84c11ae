import type { EmbeddedClickHouse } from '@rapport/analytics-db';
import type { LogRecord } from '@rapport/event-log';
import { RetriableError, rebuild, runConsumer, type InputRecord, type TokenizedConsumer } from '@rapport/runtime';
import {
  consentRecorded,
  appendEvent,
  caughtUp,
  sealedTouchpoint,
  startTestPlatform,
  type TestPlatform,
} from '@rapport/testing';
import { analyticsConsumerOn, analyzeConsumer, clearAnalytics, openAnalyticsShadow } from './index.js';
import { touchpointColumns } from './rows/touchpoint-row.js';

const at = Date.UTC(2024, 0, 31, 12);

describe('analyzing', () => {
  let test: TestPlatform;
  let server: EmbeddedClickHouse;
  let consumer: TokenizedConsumer;

  beforeAll(async () => {
    test = await startTestPlatform();
    server = await test.startClickHouse();
    consumer = await analyzeConsumer(test.platform);
  });
  afterAll(() => test.stop());
  beforeEach(() => clearAnalytics(test.platform));

  it('projects touchpoints and every other topic, and a replay gives the same rows again', async () => {
    // Given history on the log, poison among it
    const running = await runConsumer(consumer, test.platform);
    await append({ messageId: 'm1', event: 'Order Completed', timestamp: at }, { userId: 'u', properties: poison });
    await append({ messageId: 'm2', type: 'identify', timestamp: Date.UTC(1000, 0, 1) }, { traits: { country: 'DE' } });
    await appendAll();
    await caughtUp(test.platform, consumer);
    await running.stop();
    // Then each topic has its rows
    const counts = await countsOf(tables);
    expect(counts).toEqual({ recorded_touchpoints: 2, ...Object.fromEntries(otherTables.map((table) => [table, 1])) });
    expect(
      await rows("SELECT total, currency, order_id, is_identified FROM touchpoints WHERE message_id = 'm1'"),
    ).toEqual([['90071992547409.1235', 'EUR', 'x\u0000\u{1F600}', true]]);
    const [kept] = await rows("SELECT properties FROM touchpoints WHERE message_id = 'm1'");
    expect(JSON.parse(String(kept?.[0]))).toEqual(poison);
    expect(await rows("SELECT toString(timestamp), country FROM touchpoints WHERE message_id = 'm2'")).toEqual([
      ['1900-01-01 00:00:00.000', 'DE'],
    ]);
    // When all is computed again
    const before = await everything();
    await rebuild(test.platform, {
      name: 'analyze',
      consumer: analyticsConsumerOn,
      openShadow: openAnalyticsShadow,
    });
    // Then nothing differs
    expect(await everything()).toEqual(before);
  });

  it('adds nothing when the same range is applied again under its token', async () => {
    const batch = [await input('a'), await input('b')];
    await consumer.apply(batch, 'token-1');
    await consumer.apply(batch, 'token-1');
    expect(await countsOf(['recorded_touchpoints'])).toEqual({ recorded_touchpoints: 2 });
  });

  it('gives up the one row that cannot be stored, keeps the others, and does so again in a repetition', async () => {
    // Given seven touchpoints, one at an impossible position
    const batch = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => input(id)));
    const bad = await input('bad', { logOffset: -1 });
    batch.splice(3, 0, bad);
    for (const _time of [1, 2]) {
      const outcomes = await consumer.apply(batch, 'token-2');
      // Then it is a dead letter whose reason quotes no value
      expect([...outcomes.keys()]).toEqual([bad.record]);
      expect(outcomes.get(bad.record)).toMatchObject({
        kind: 'dead-letter',
        reason: expect.stringMatching(/^clickhouse-refused \(no value of its column\)$/) as string,
      });
      expect(await countsOf(['recorded_touchpoints'])).toEqual({ recorded_touchpoints: 6 });
    }
  });

  it('says "later" while ClickHouse is away, and quotes no value', async () => {
    await server.stop();
    try {
      const applying = consumer.apply([await input('away')], 'token-3');
      await expect(applying).rejects.toBeInstanceOf(RetriableError);
      await expect(applying).rejects.toThrow(/^ClickHouse did not take rows of recorded_touchpoints/);
    } finally {
      server = await test.startClickHouse();
    }
    expect(await countsOf(['recorded_touchpoints'])).toEqual({ recorded_touchpoints: 0 });
  });

  it('keeps nothing personal of a touchpoint whose person was erased', async () => {
    const value = await sealedTouchpoint(
      test.platform.vault,
      { messageId: 'gone' },
      { userId: 'u', traits: { email: 'e@example.com' } },
    );
    const unknownKey = { ...value, keyId: 'no-such-key' };
    await consumer.apply(
      [{ record: recordAt(9), event: { name: 'profile-touchpoint', value: unknownKey } }],
      'token-4',
    );
    expect(await rows('SELECT erased, traits, is_identified FROM touchpoints')).toEqual([[true, '{}', false]]);
  });

  it('has a column for every cell', async () => {
    const described = await rows(
      "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'recorded_touchpoints' AND default_kind != 'MATERIALIZED' ORDER BY position",
    );
    expect(described.flat()).toEqual(touchpointColumns.map(([name]) => name));
    const without = await rows(
      "SELECT table, name FROM system.columns WHERE database = currentDatabase() AND comment = '' AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'migrations')",
    );
    expect(without).toEqual([]);
  });

  const poison = {
    order_id: 'x\u0000\u{1F600}',
    total: '90071992547409.12345',
    currency: ' eur ',
    'a.b': 1,
    a: { b: 2 },
    __proto__x: { deep: [[[[null]]]] },
    huge: 1e308,
    text: 'quote " back \\ newline \n \u2028',
  };
  const otherTables = [
    ...['identities', 'identifiers', 'refused_links', 'rejected_touchpoints', 'consents', 'memberships', 'scores'],
    ...['lifecycle_changes', 'journeys', 'delivery_requests', 'deliveries', 'timers'],
  ];
  const tables = ['recorded_touchpoints', ...otherTables];

  async function append(...[envelope, content]: [Envelope, object?]): Promise<void> {
    const value = await sealedTouchpoint(test.platform.vault, envelope, content);
    await appendEvent(test.platform, 'profile-touchpoints', value.profileId, 'profile-touchpoint', value);
  }

  async function input(messageId: string, envelope: Partial<Envelope> = {}): Promise<InputRecord> {
    const value = await sealedTouchpoint(test.platform.vault, { timestamp: at, ...envelope, messageId });
    return { record: recordAt(messageId.charCodeAt(0)), event: { name: 'profile-touchpoint', value } };
  }

  async function appendAll(): Promise<void> {
    const who = { workspaceId: 'shop', profileId: 'ada', timestamp: at };
    const link = { ...who, identifierType: 'userId', identifierHash: 'hash', sequence: 1, messageId: 'm1' };
    const step = { journeyId: 'welcome', instanceId: 'i1', stepId: 'first' };
    const delivery = { ...who, ...step, deliveryId: 'd1', channel: 'email' as const };
    const sealed = { subjectId: 's', keyId: 'k' };
    const put = appendEvent.bind(undefined, test.platform);
    await put('identities', 'ada', 'profiles-merged', {
      ...who,
      survivorId: 'ada',
      mergedId: 'web',
      profileIds: ['web'],
      sequence: 1,
      reason: 'r',
      messageId: 'm1',
    });
    await put('identities', 'ada', 'identifier-linked', link);
    await put('identities', 'ada', 'link-refused', { ...link, linkedType: 'userId', linkedHash: 'other', reason: 'r' });
    await put('rejected-touchpoints', 'r1', 'rejected-touchpoint', {
      ...who,
      ...sealed,
      rejectionId: 'r1',
      sourceId: 's',
      reason: 'missing-identifier',
      detail: 'no userId',
      messageId: null,
      receivedAt: at,
      body: Buffer.from('x'),
    });
    await put('consents', 'ada', 'consent-recorded', consentRecorded({ ...who, status: 'granted', expiresAt: at }));
    const wish = { name: 'frequency', value: 'weekly', loneProfileId: 'ada', settles: ['bob'] } as const;
    const said = { sourceId: 's', receivedAt: at, messageId: 'm1', logPartition: 0, logOffset: 0 };
    await put('consents', 'ada', 'preference-recorded', { ...who, ...wish, ...said });
    await put('memberships', 'ada', 'membership-changed', {
      ...who,
      segmentId: 'first',
      change: 'entered',
      decidedAt: at,
      causeId: 'm1',
      imported: false,
      rearranged: false,
    });
    await put('lifecycle-stages', 'ada', 'lifecycle-changed', {
      ...who,
      fromStage: 'lead',
      toStage: 'new-customer',
      reason: 'first order',
      decidedAt: at,
      causeId: 'm1',
      imported: false,
    });
    await put('scores', 'ada', 'score-changed', {
      ...who,
      scoreId: 'rfm',
      value: Number.NaN,
      components: { recency: 5 },
      computedAt: at,
      causeId: 'm1',
    });
    await put('journeys', 'ada', 'journey-progressed', {
      ...who,
      ...step,
      journeyVersion: 1,
      loneProfileId: who.profileId,
      kind: 'waiting',
      reason: null,
      dueAt: at,
      enteredFor: at,
      channel: null,
      purpose: null,
      causeId: 'm1',
    });
    await put('delivery-requests', 'ada', 'delivery-requested', {
      ...delivery,
      ...sealed,
      templateId: 't',
      purpose: 'marketing',
      requestedAt: at,
      content: Buffer.from('x'),
    });
    await put('deliveries', 'ada', 'delivery-recorded', { ...delivery, status: 'sent', reason: null });
    await put('timers', 'ada', 'timer-fired', {
      workspaceId: 'shop',
      owner: 'segment',
      timerId: 't',
      profileId: null,
      purpose: 'p',
      dueAt: at,
      firedAt: at,
    });
  }

  async function rows(query: string): Promise<unknown[][]> {
    const answer = await test.platform.clickhouse.query({
      query,
      format: 'JSONCompact',
      clickhouse_settings: { output_format_json_quote_decimals: 1 },
    });
    return (await answer.json<unknown[]>()).data;
  }

  async function countsOf(names: readonly string[]): Promise<Record<string, unknown>> {
    const counted = names.map(async (table) => [table, (await rows(`SELECT toUInt32(count()) FROM ${table}`))[0]?.[0]]);
    return Object.fromEntries(await Promise.all(counted)) as Record<string, unknown>;
  }

  async function everything(): Promise<unknown[]> {
    return Promise.all(tables.map((table) => rows(`SELECT * FROM ${table} ORDER BY ALL`)));
  }
});

type Envelope = Parameters<typeof sealedTouchpoint>[1];

function recordAt(offset: number): LogRecord {
  const position = { topic: 'profile-touchpoints', partition: 0, offset } as const;
  return { ...position, appendedAt: at, key: 'ada', value: null, headers: {}, origin: undefined };
}
