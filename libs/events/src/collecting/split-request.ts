import { isMap } from './fields.js';
import { jsonWeight } from './inspect.js';
import { collectLimits } from './limits.js';
import type { Rejection } from './rejection.js';

/** The events of one request body, and what the body says about all of them. */
export interface SplitRequest {
  readonly items: readonly unknown[];
  /** Position from which on the events are rejected because the batch is too long. */
  readonly takeUntil: number;
  readonly sentAt: unknown;
  readonly context: unknown;
  readonly integrations: unknown;
}

/** Splits the parsed body of a batch; the body cannot be split where `batch` is no list. */
export function splitBatch(body: unknown): SplitRequest | Rejection {
  if (!isMap(body)) return { reason: 'not-an-object', detail: 'the request is no JSON object; send {"batch": [...]}' };
  if (!Array.isArray(body.batch)) {
    return { reason: 'invalid-batch', detail: 'batch is no array; send {"batch": [...]}' };
  }
  const { sentAt, context, integrations } = body;
  const repeated = (jsonWeight(context) + jsonWeight(integrations)) * body.batch.length;
  if (repeated > collectLimits.batchContextCharacters) {
    const detail = 'batch-level context or integrations are too large to repeat in every event; send smaller batches';
    return { reason: 'too-large', detail };
  }
  return { items: body.batch, takeUntil: collectLimits.batchEvents, sentAt, context, integrations };
}

const stringOrMark = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * The text of each event of a batch, exactly as it was sent. `json` must be JSON whose `batch` is an array.
 * Reads the text as it stands, since a value nested deep enough cannot be serialised again.
 */
export function batchItemTexts(json: string): string[] {
  let texts: string[] = [];
  let depth = 0;
  let start: number | undefined;
  let lastString = '';
  for (const { 0: token, index } of json.matchAll(stringOrMark)) {
    if (token.startsWith('"')) {
      if (depth === 1) lastString = token;
      continue;
    }
    if ((token === ',' || token === ']') && depth === 2 && start !== undefined) {
      texts.push(json.slice(start, index).trim());
      start = token === ',' ? index + 1 : undefined;
    }
    if (token === '[' && depth === 1) {
      const isBatch = JSON.parse(lastString) === 'batch';
      if (isBatch) texts = [];
      start = isBatch ? index + 1 : undefined;
    }
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
  }
  return texts.length === 1 && texts[0] === '' ? [] : texts;
}
