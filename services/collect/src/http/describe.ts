import type { Operation } from '@rapport/runtime';

const answers: Operation['responses'] = {
  '200': { description: 'Everything is durable: accepted events on the log, rejected ones kept with their reason.' },
  '400': { description: 'The body is not JSON.' },
  '401': { description: 'No source has this write key.' },
  '413': { description: 'The body is too large.' },
  '429': { description: 'Nothing was kept; send it again after the seconds in Retry-After.' },
};

const writeKey = [{ writeKey: [] }];

function taking(summary: string, properties: Record<string, object>): Operation {
  return {
    tags: ['collect'],
    summary,
    description:
      'Write key as the Basic user, X-Write-Key, ?writeKey= or in the body. The Content-Type does not matter.',
    security: writeKey,
    requestBody: { required: true, content: { 'application/json': { schema: { type: 'object', properties } } } },
    responses: answers,
  };
}

const text = { type: 'string' };
const object = { type: 'object' };
const eventProperties = {
  messageId: { ...text, description: 'Unique per workspace; the second of the same id is dropped. Made when absent.' },
  userId: text,
  anonymousId: text,
  event: { ...text, description: 'Name of a track event, for example Order Completed.' },
  properties: object,
  traits: object,
  context: object,
  timestamp: { ...text, format: 'date-time' },
  sentAt: { ...text, format: 'date-time' },
};

export const describeSingle = (type: string | undefined): Operation =>
  taking(type === undefined ? 'One touchpoint of the type the path names' : `One ${type} touchpoint`, eventProperties);

export const describeBatch = (imported: boolean): Operation =>
  taking(imported ? 'History, which never triggers a journey' : 'Touchpoints, each naming its type', {
    batch: { type: 'array', items: { type: 'object', properties: { type: text, ...eventProperties } } },
    sentAt: { ...text, format: 'date-time' },
    context: object,
  });

export const describePixel: Operation = {
  tags: ['collect'],
  summary: 'One touchpoint by GET, answered with an image',
  security: writeKey,
  parameters: [{ name: 'data', in: 'query', required: false, schema: { type: 'string' } }],
  responses: { '200': { description: 'A GIF of one pixel.' }, '401': answers['401']! },
};
