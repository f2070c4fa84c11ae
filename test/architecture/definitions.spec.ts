import path from 'node:path';
import { loadProfileRules } from '@rapport/runtime';
import { loadTemplates } from '@rapport/service-deliver';
import { loadJourneys } from '@rapport/service-orchestrate';
import { loadScores } from '@rapport/service-score';
import { loadSegments } from '@rapport/service-segment';

const root = path.resolve(import.meta.dirname, '../..');
const config = { definitionsDir: path.join(root, 'deploy/definitions'), schemasDir: path.join(root, 'schemas') };

describe('the definitions that Rapport ships', () => {
  it('are sound, and name each other rightly', async () => {
    const [segments, scores, journeys, templates] = await Promise.all([
      loadSegments(config),
      loadScores(config),
      loadJourneys(config),
      loadTemplates(config),
    ]);
    expect(segments.map(({ id }) => id)).toEqual(['first-time-buyers', 'lapsed-90-days']);
    expect(scores.map(({ id }) => id)).toEqual(['rfm']);
    const segmentIds = segments.map(({ id }) => id);
    for (const { entry, steps } of journeys) {
      if (entry.kind === 'segment') expect(segmentIds).toContain(entry.segmentId);
      for (const step of steps) {
        if (step.kind === 'send') expect(templates.get(step.templateId)?.channel).toBe(step.channel);
      }
    }
    expect(journeys.map(({ id, version }) => `${id} ${version}`)).toEqual(['after-first-order 1']);
  });

  it('put profiles together: every stage is reached by somebody, the last by everybody', async () => {
    const rules = await loadProfileRules({ ...config, secrets: { writeKey: 'spec' } });
    expect(rules.stages.at(-1)).toMatchObject({ id: 'anonymous', when: { kind: 'all', of: [] } });
    const stages = rules.stages.map(({ id }) => id);
    for (const question of rules.questions) expect(stages).toEqual(expect.arrayContaining([...question.stages]));
    expect(rules.searchable).toContain('email');
  });
});
