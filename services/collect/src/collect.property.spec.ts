import { touchpointTypes } from '@rapport/events';
import fc from 'fast-check';
import { CollectFixture } from './testing/collect-fixture.js';

/** Messages that are nearly right, with anything JSON can say in the place of a field now and then. */
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('u-1', 'u-2', 'a-1', '\0', '\ud800', '__proto__'));
const rarelyAnything = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: fc.jsonValue({ stringUnit: 'binary' }) });
const map = fc.dictionary(text, fc.jsonValue({ stringUnit: 'binary' }));
const message = fc.record(
  {
    type: rarelyAnything(fc.constantFrom(...touchpointTypes)),
    userId: rarelyAnything(text),
    anonymousId: rarelyAnything(text),
    previousId: rarelyAnything(text),
    groupId: rarelyAnything(text),
    event: rarelyAnything(text),
    timestamp: rarelyAnything(fc.date({ noInvalidDate: true }).map((date) => date.toISOString())),
    properties: rarelyAnything(map),
    traits: rarelyAnything(map),
    context: rarelyAnything(map),
  },
  { requiredKeys: ['type'] },
);

describe('whatever a batch holds', () => {
  let fixture: CollectFixture;

  beforeAll(async () => {
    fixture = await CollectFixture.start();
  });
  afterAll(() => fixture.stop());

  it('each of its events is on the log once, as a touchpoint or as a rejection with its text', async () => {
    let sent = 0;
    const rejectedTexts: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(rarelyAnything(message), { maxLength: 30 }), map, async (batch, context) => {
        const response = await fixture.post('/v1/batch', JSON.stringify({ batch, context, sentAt: new Date() }));
        expect(response.status).toBe(200);
        const answer = (await response.json()) as { rejected?: { index: number }[] };
        sent += batch.length;
        for (const { index } of answer.rejected ?? []) rejectedTexts.push(JSON.stringify(batch[index]));
      }),
      { numRuns: 40 },
    );
    const touchpoints = await fixture.touchpoints();
    const rejections = await fixture.rejections();
    expect(touchpoints.length + rejections.length).toBe(sent);
    expect(touchpoints.length).toBeGreaterThan(sent / 4);
    expect(rejections.map(({ body }) => body)).toEqual(expect.arrayContaining(rejectedTexts));
    expect(new Set(touchpoints.map(({ messageId }) => messageId)).size).toBe(touchpoints.length);
    for (const { content } of touchpoints) expect(JSON.stringify(content)).not.toMatch(/\\u0000|\\ud[89a-f]/);
  });
});
