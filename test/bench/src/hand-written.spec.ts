import { readFileSync } from 'node:fs';
import { handWrittenFrom, withHandWritten } from './hand-written.js';

describe('what people wrote below the figures of a bench', () => {
  it('stays when the bench writes its page again', () => {
    const before = `# Bench\n\n| 1 |\n\n${handWrittenFrom}\n\n## Growth\n\nBy four.\n`;

    const page = withHandWritten('# Bench\n\n| 2 |\n', before);

    expect(page).toBe(`# Bench\n\n| 2 |\n\n${handWrittenFrom}\n\n## Growth\n\nBy four.\n`);
    expect(withHandWritten('# Bench\n\n| 3 |\n', page)).toBe(page.replace('| 2 |', '| 3 |'));
  });

  it('is nothing on a page without such a part', () => {
    expect(withHandWritten('# Bench\n', '# Bench\n\nold\n')).toBe('# Bench\n');
  });

  it('is marked on the page of analytics', () => {
    const page = readFileSync(new URL('../../../docs/bench/analytics.md', import.meta.url), 'utf8');
    expect(page.split(handWrittenFrom)).toHaveLength(2);
  });
});
