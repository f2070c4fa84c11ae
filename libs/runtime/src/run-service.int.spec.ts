import { eventually, startTestPlatform, type TestPlatform } from '@rapport/testing';
import type { ScoreChanged } from '@rapport/events';
import { ConsumerModule } from './consumer/consumer.module.js';
import type { StatefulConsumer } from './consumer/consumer.js';
import { startApp, type RunningApp } from './run-service.js';

/** A consumer that waits in the middle of each batch until it is let through. */
class Gate {
  private arrived = 0;
  private let = Promise.withResolvers<void>();

  constructor(readonly name: StatefulConsumer['name']) {}

  get batches(): number {
    return this.arrived;
  }

  open(): void {
    this.let.resolve();
  }

  readonly module = ConsumerModule.for(() => ({
    name: this.name,
    topics: ['scores'],
    lingerMs: 0,
    maxBatchRecords: 1,
    handle: async () => {
      this.arrived += 1;
      await this.let.promise;
      return {};
    },
  }));
}

const score: ScoreChanged = {
  workspaceId: 'shop',
  profileId: 'ada',
  scoreId: 'rfm',
  value: 1,
  components: {},
  computedAt: 3,
  causeId: 'cause',
};

describe('stopping an application', () => {
  let test: TestPlatform;

  beforeEach(async () => {
    test = await startTestPlatform();
    const { eventLog, codec } = test.platform;
    const value = codec.encode('score-changed', score);
    await eventLog.append(Array.from({ length: 5 }, () => ({ topic: 'scores' as const, key: 'ada', value })));
  });
  afterEach(() => test.stop());

  const start = (gates: readonly Gate[], stopWithinMs: number): Promise<RunningApp> =>
    startApp({
      name: 'spec',
      services: gates.map(({ module }) => module),
      config: { ...test.config, http: { host: '127.0.0.1', port: 0 } },
      usesPostgres: true,
      stopWithinMs,
    });

  async function positionOf({ name }: Gate): Promise<number> {
    const { rows } = await test.platform.postgres.query<{ position: number }>(
      'SELECT max(position)::int AS position FROM runtime.positions WHERE consumer = $1',
      [name],
    );
    return rows[0]?.position ?? 0;
  }

  it.each(['first', 'last'])(
    'tells all consumers at once: while the %s is waited for, no other goes on',
    async (at) => {
      const [slow, quick] = [new Gate('segment'), new Gate('orchestrate')];
      const app = await start(at === 'first' ? [slow, quick] : [quick, slow], 60_000);
      await eventually(() => expect([slow.batches, quick.batches]).toEqual([1, 1]));

      const stopped = app.stop();
      quick.open();
      await eventually(async () => expect(await positionOf(quick)).toBe(1));
      slow.open();
      await stopped;

      expect([slow.batches, quick.batches]).toEqual([1, 1]);
      expect([await positionOf(slow), await positionOf(quick)]).toEqual([1, 1]);
    },
  );

  it('does not wait for ever: Given work that does not end, what was in hand is not done, and is done after the next start', async () => {
    const stuck = new Gate('segment');
    const app = await start([stuck], 100);
    await eventually(() => expect(stuck.batches).toBe(1));

    await app.stop();
    expect(await positionOf(stuck)).toBe(0);

    stuck.open();
    const next = new Gate('segment');
    next.open();
    const again = await start([next], 60_000);
    await eventually(async () => expect(await positionOf(stuck)).toBe(5));
    await again.stop();
  });
});
