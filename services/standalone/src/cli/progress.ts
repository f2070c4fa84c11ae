import { SingleBar } from 'cli-progress';
import { type Terminal } from './terminal.js';

export interface Progress {
  /** `done` of the total given at the start. */
  update(done: number): void;
  /** `done` of the total were done by an earlier run: they do not count for the rate. */
  resumeAt(done: number): void;
  stop(): void;
}

const linesEvery = 0.25;

/** A bar where somebody watches; otherwise a plain line at the start and every quarter. */
export function startProgress(terminal: Terminal, label: string, total: number): Progress {
  return terminal.progress ? bar(terminal.progress, label, total) : plainLines(terminal, label, total);
}

function bar(stream: NodeJS.WriteStream, label: string, total: number): Progress {
  const progress = new SingleBar({
    format: `${label.padEnd(10)} {bar} {percentage}% | {value}/{total} | {rate}/s | {duration_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    stream,
  });
  const started = performance.now();
  let before = 0;
  progress.start(total, 0, { rate: '-' });
  return {
    update: (done) => progress.update(done, { rate: perSecond(done - before, started) }),
    resumeAt: (done) => progress.update((before = done), { rate: '-' }),
    stop: () => progress.stop(),
  };
}

function plainLines(terminal: Terminal, label: string, total: number): Progress {
  const started = performance.now();
  let next = linesEvery;
  let before = 0;
  const lineAfter = (done: number) => Math.floor(done / total / linesEvery) * linesEvery + linesEvery;
  terminal.note(`${label}: 0 of ${total}`);
  return {
    update(done) {
      if (total === 0 || done / total < next) return;
      next = lineAfter(done);
      terminal.note(`${label}: ${done} of ${total} (${perSecond(done - before, started)}/s)`);
    },
    resumeAt(done) {
      if (total === 0 || done === 0) return;
      before = done;
      next = lineAfter(done);
      terminal.note(`${label}: ${done} of ${total} by an earlier run`);
    },
    stop: () => undefined,
  };
}

function perSecond(done: number, started: number): string {
  return Math.round(done / Math.max(0.001, (performance.now() - started) / 1000)).toLocaleString('en');
}
