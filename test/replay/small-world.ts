import { fireDueTimers, runConsumer, type Consumer, type Platform } from '@rapport/runtime';
import { analyzeConsumer } from '@rapport/service-analyze';
import { deliverConsumer } from '@rapport/service-deliver';
import { orchestrateConsumer } from '@rapport/service-orchestrate';
import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import { scoreConsumer } from '@rapport/service-score';
import { segmentConsumer } from '@rapport/service-segment';
import { generateShop } from '@rapport/service-standalone';
import {
  appendEvent,
  appendTouchpoints,
  caughtUp,
  startTestPlatform,
  type TestPlatform,
  type TouchpointToAppend,
} from '@rapport/testing';

/** Everything behind the collector, live on real parts, and a shop's history to run through it. */
export interface SmallWorld {
  readonly test: TestPlatform;
  readonly history: readonly TouchpointToAppend[];
  /** Starts the consumers. */
  start(): Promise<void>;
  append(touchpoints: readonly TouchpointToAppend[]): Promise<void>;
  /** Everything that follows from what is on the log has been done. */
  settle(): Promise<void>;
  /** Lets timers fire, and what they lead to, until none is due. */
  timePassesTo(now: number): Promise<void>;
  /** An operator's word that a visitor is not the user they were taken for. */
  split(anonymousId: string, userId: string): Promise<void>;
  stop(): Promise<void>;
}

export const endOfHistory = Date.UTC(2025, 11, 31);

export async function startSmallWorld(customers: number): Promise<SmallWorld> {
  const test = await startTestPlatform();
  await test.startClickHouse();
  const { platform } = test;
  const consumers = await consumersOn(platform);
  // A second instance of each, as in a deployment: partitions are shared between them.
  const second = test.another('second');
  const running: { stop(): Promise<void> }[] = [];
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 3; round += 1) {
      for (const consumer of consumers) await caughtUp(platform, consumer);
    }
  };
  return {
    test,
    history: historyOf(customers),
    async start() {
      for (const consumer of consumers) running.push(await runConsumer(consumer, platform));
      for (const consumer of await consumersOn(second)) running.push(await runConsumer(consumer, second));
    },
    settle,
    append: async (touchpoints) => void (await appendTouchpoints(platform, touchpoints)),
    async timePassesTo(now) {
      await settle();
      for (;;) {
        let fired = 0;
        for (const owner of ['profile', 'segment', 'score', 'orchestrate'] as const) {
          fired += await fireDueTimers(owner, now, platform);
        }
        if (fired === 0) return;
        await settle();
      }
    },
    async split(anonymousId, userId) {
      const identifiers = [
        { type: 'anonymousId', hash: platform.vault.hash('default', 'anonymousId', anonymousId) },
        { type: 'userId', hash: platform.vault.hash('default', 'userId', userId) },
      ];
      await appendEvent(platform, 'identity-decisions', 'default', 'identity-decided', {
        workspaceId: 'default',
        decisionId: `split-${anonymousId}`,
        kind: 'split',
        identifiers,
        reason: 'operator',
        decidedBy: 'spec',
        decidedAt: endOfHistory,
      });
    },
    async stop() {
      for (const each of running) await each.stop();
      await test.stop();
    },
  };
}

async function consumersOn(platform: Platform): Promise<readonly Consumer[]> {
  return [
    resolveConsumer(platform),
    await profileConsumer(platform),
    await segmentConsumer(platform),
    await scoreConsumer(platform),
    await orchestrateConsumer(platform),
    await deliverConsumer(platform),
    await analyzeConsumer(platform),
  ];
}

/** The demo's generated shop, received long after it happened in part: every seventh touchpoint comes late. */
function historyOf(customers: number): readonly TouchpointToAppend[] {
  const { touchpoints } = generateShop({ seed: 7, customers, end: endOfHistory, months: 13 });
  const messages = touchpoints.map(({ message }, i): TouchpointToAppend & { readonly late: boolean } => {
    const { timestamp, name, context: _context, ...call } = message;
    return {
      ...call,
      ...(name === undefined ? {} : { properties: { ...message.properties, name } }),
      timestamp: Date.parse(timestamp),
      receivedAt: Date.parse(timestamp) + (i % 7 === 3 ? 40 * 86_400_000 : 1_000),
      late: i % 7 === 3,
    };
  });
  return [...messages.filter(({ late }) => !late), ...messages.filter(({ late }) => late)].map(
    ({ late: _late, ...touchpoint }) => touchpoint,
  );
}
