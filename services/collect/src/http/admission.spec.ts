import { Admission } from './admission.js';
import { createGate } from './gate.js';

describe('admission', () => {
  const limits = { inFlightRequests: 3, inFlightBytes: 100 };

  it('takes requests until there are too many, and again when one is done', () => {
    const admission = new Admission(limits);
    expect([1, 1, 1, 1].map((bytes) => admission.enter(bytes))).toEqual([true, true, true, false]);
    admission.leave(1);
    expect(admission.enter(1)).toBe(true);
  });

  it('takes requests until their bytes are too many', () => {
    const admission = new Admission(limits);
    expect([60, 41, 40].map((bytes) => admission.enter(bytes))).toEqual([true, false, true]);
  });

  it('takes a request that is larger than the limit when it is alone', () => {
    const admission = new Admission(limits);
    expect(admission.enter(500)).toBe(true);
    expect(admission.enter(1)).toBe(false);
    admission.leave(500);
    expect(admission.enter(1)).toBe(true);
  });

  it('counts what a request grew to, and forgets it after', () => {
    const admission = new Admission(limits);
    admission.enter(50);
    admission.enter(10);
    expect(admission.grow(41)).toBe(false);
    admission.grow(-41);
    expect([admission.requests, admission.bytes]).toEqual([2, 60]);
  });
});

describe('the gate', () => {
  it('lets as many through as it is wide, the others in their order, and none is held up by a failure', async () => {
    const through = createGate(2);
    const started: number[] = [];
    const ends: ((failed: boolean) => void)[] = [];
    const tasks = [0, 1, 2, 3].map((task) =>
      through(() => {
        started.push(task);
        return new Promise<number>((resolve, reject) => {
          ends[task] = (failed) => (failed ? reject(new Error('failed')) : resolve(task));
        });
      }).catch(() => -1),
    );
    expect(started).toEqual([0, 1]);
    ends[1]?.(true);
    await tasks[1];
    expect(started).toEqual([0, 1, 2]);
    ends[0]?.(false);
    await tasks[0];
    ends[2]?.(false);
    ends[3]?.(false);
    expect(await Promise.all(tasks)).toEqual([0, -1, 2, 3]);
  });
});
