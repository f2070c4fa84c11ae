/**
 * Why the collector could not accept an event.
 * - `malformed-json`: the request is not JSON (the whole request)
 * - `malformed-encoding`: the request does not decompress (the whole request)
 * - `too-large`: the event, or the decompressed request, is over its limit
 * - `too-deep`: nested deeper than the limit
 * - `batch-too-long`: beyond the events a batch may hold
 * - `invalid-batch`: `batch` is no list
 * - `not-an-object`, `unknown-type`, `wrong-type`: the event or one of its fields is not what the specification says
 * - `missing-identifier`, `missing-event`, `missing-group`, `missing-previous-id`: a required field is absent
 * - `suppressed`: an identifier of the event is on the suppression list; of these nothing is kept
 * - `invalid-identifier`, `invalid-message-id`, `invalid-event`: an id or name is no text, or too long
 * - `plan-violation`: it breaks the tracking plan, and its source is set to refuse that
 */
export const rejectionReasons = [
  'malformed-json',
  'malformed-encoding',
  'too-large',
  'too-deep',
  'batch-too-long',
  'invalid-batch',
  'not-an-object',
  'unknown-type',
  'wrong-type',
  'missing-identifier',
  'missing-event',
  'missing-group',
  'missing-previous-id',
  'invalid-identifier',
  'invalid-message-id',
  'invalid-event',
  'suppressed',
  'plan-violation',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

/** `detail` says what is wrong, where and how to mend it, and holds no value of the event. */
export interface Rejection {
  readonly reason: RejectionReason;
  readonly detail: string;
}

/**
 * How a decoder of one field refuses the event; `decodeMessage` turns it into a result, so it never reaches a caller.
 * It carries no stack: taking one costs more than all the rest of an event, and a sender decides how many there are.
 */
export class Refusal extends Error {
  readonly rejection: Rejection;

  constructor(reason: RejectionReason, detail: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail);
    Error.stackTraceLimit = stackTraceLimit;
    this.rejection = { reason, detail };
  }
}
