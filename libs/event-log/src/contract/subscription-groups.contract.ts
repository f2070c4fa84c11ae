import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogRecord } from '../port/event-log.js';
import { eventually } from './log-reading.js';
import type { WorkerReport, WorkerTask } from './log-worker.js';
import { numbered, subscriptionFixture, textsOf, topic, type Current } from './subscription-fixture.js';
import { typescriptProcess } from './typescript-process.js';

export function describeSubscriptionGroups(current: Current): void {
  describe('subscribing as a group', () => {
    const fixture = subscriptionFixture(current);
    const { subscribe, appendToAll } = fixture;

    it('Given two members of a group, when one joins and leaves again, then they share the partitions, a taken one’s signal fires, and every record is handled', async () => {
      const group = `group-${randomUUID()}`;
      const positions = [...fixture.start];
      const handled: { member: string; record: LogRecord }[] = [];
      const assigned = new Map<string, Set<number>>();
      const aborted: number[] = [];
      const join = async (member: string) => {
        const log = await current().underTest.open();
        const mine = new Set<number>();
        assigned.set(member, mine);
        const subscription = await subscribe(
          {
            group,
            startFrom: async (partitions) => partitions.map(({ partition }) => positions[partition]!),
            onAssigned: (partitions) => partitions.forEach(({ partition }) => mine.add(partition)),
            onRevoked: (partitions) => partitions.forEach(({ partition }) => mine.delete(partition)),
            onBatch: async (batch, signal) => {
              signal.addEventListener('abort', () => aborted.push(batch.partition));
              await sleep(30);
              // The position is fenced as a consumer's store does it: who comes too late changes nothing.
              if (positions[batch.partition] === batch.records[0]!.offset) {
                handled.push(...batch.records.map((record) => ({ member, record })));
                positions[batch.partition] = batch.nextOffset;
              }
              return { goOnFrom: positions[batch.partition]! };
            },
          },
          log,
        );
        return { close: () => subscription.stop().then(() => log.close()) };
      };
      const sizes = () => [...assigned.values()].map((mine) => mine.size).sort((a, b) => a - b);
      const first = await join('first');
      await eventually('the first has all', () => sizes()[0] === fixture.start.length);
      await appendToAll(200);
      const second = await join('second');
      await eventually('they share', () => sizes().every((size) => size === fixture.start.length / 2));
      await appendToAll(50, 'shared');
      await eventually('the second handles', () => handled.some(({ member }) => member === 'second'));

      await first.close();

      await eventually('the second has all', () => assigned.get('second')!.size === fixture.start.length);
      await appendToAll(50, 'alone');
      await eventually('all is handled', () => handled.length === 300 * fixture.start.length);
      for (const partition of fixture.start.keys()) {
        expect(
          textsOf(
            handled.map(({ record }) => record),
            partition,
          ),
        ).toEqual([...numbered(200), ...numbered(50, 'shared'), ...numbered(50, 'alone')]);
      }
      expect(aborted.length).toBeGreaterThan(0);
      await second.close();
    });

    it('Given a member in another process, when that is killed, then this one takes over its partitions', async () => {
      const group = `group-${randomUUID()}`;
      const mine = new Set<number>();
      let arrived = 0;
      const { execArgv } = typescriptProcess();
      const worker = fork(new URL('./log-worker.ts', import.meta.url), { execArgv });
      const reports: WorkerReport[] = [];
      worker.on('message', (report: WorkerReport) => reports.push(report));
      worker.send({ kind: 'consume', config: current().underTest.config, group, topic } satisfies WorkerTask);
      await eventually('the other process has all partitions', () =>
        reports.some((report) => report.kind === 'assigned'),
      );
      await subscribe({
        group,
        onAssigned: (partitions) => partitions.forEach(({ partition }) => mine.add(partition)),
        onRevoked: (partitions) => partitions.forEach(({ partition }) => mine.delete(partition)),
        onBatch: async ({ records, nextOffset }) => {
          arrived += records.filter(({ value }) => String(value) === 'orphaned 0').length;
          return { goOnFrom: nextOffset };
        },
      });
      await eventually('both have a share', () => mine.size === fixture.start.length / 2);

      worker.kill('SIGKILL');
      await appendToAll(1, 'orphaned');

      await eventually('all arrived here', () => arrived >= fixture.start.length && mine.size === fixture.start.length);
    });
  });
}
