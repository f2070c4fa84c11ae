import { startProgress } from './progress.js';
import type { Terminal } from './terminal.js';

describe('progress where nobody watches', () => {
  let lines: string[];
  const terminal: Terminal = {
    ...{ print: () => undefined, colours: false, progress: undefined },
    note: (line) => void lines.push(line),
  };
  beforeEach(() => {
    lines = [];
  });

  it('is a line at the start and every quarter', () => {
    const progress = startProgress(terminal, 'Sending', 100);
    for (const done of [10, 30, 40, 60, 100]) progress.update(done);
    expect(lines.map((line) => line.replace(/ \(.*/, ''))).toEqual([
      'Sending: 0 of 100',
      'Sending: 30 of 100',
      'Sending: 60 of 100',
      'Sending: 100 of 100',
    ]);
  });

  it('names what an earlier run did, and counts none of it for the rate', () => {
    const progress = startProgress(terminal, 'Sending', 1000);
    progress.resumeAt(600);
    progress.update(600);
    progress.update(1000);
    expect(lines[1]).toBe('Sending: 600 of 1000 by an earlier run');
    expect(lines).toHaveLength(3);
  });

  it('says nothing of an earlier run that did nothing', () => {
    startProgress(terminal, 'Sending', 1000).resumeAt(0);
    expect(lines).toEqual(['Sending: 0 of 1000']);
  });
});
