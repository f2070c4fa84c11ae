import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { startTestClickHouse, type TestClickHouse } from '@rapport/testing';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the guide for data teams', () => {
  let clickhouse: TestClickHouse;

  beforeAll(async () => {
    clickhouse = await startTestClickHouse(path.join(root, 'schemas'));
  });
  afterAll(() => clickhouse.stop());

  const pages = ['README.md', 'attribution-and-experiments.md', 'conventions.md', 'feedback.md'];
  const questions = pages.flatMap((page) => {
    const text = readFileSync(path.join(root, 'docs/sql', page), 'utf8');
    return [...text.matchAll(/```sql\n(.*?)```/gs)].map((match) => match[1]!.trim());
  });

  it('has questions', () => expect(questions.length).toBeGreaterThan(15));

  it.each(questions)('asks what can be answered: %s', async (query) => {
    const answer = await clickhouse.client.query({ query, format: 'JSONCompact' });
    expect(await answer.json()).toHaveProperty('meta');
  });
});
