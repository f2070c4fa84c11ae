import type { FastifyReply } from 'fastify';

/** One event of a request that was kept as rejected; the sender's program may show it to its developer. */
export interface RejectedItem {
  /** Position in the batch; 0 for a single event. */
  readonly index: number;
  readonly reason: string;
  readonly detail: string;
}

const done = '{"success":true}';
const maxShown = 20;

/** 200 even where events were rejected: SDKs throw the whole batch away on any other answer. */
export function answerStored(reply: FastifyReply, rejected: readonly RejectedItem[]): FastifyReply {
  if (rejected.length === 0) return sendJson(reply, 200, done);
  const shown = rejected.slice(0, maxShown);
  const rejectedByReason: Record<string, number> = {};
  for (const { reason } of rejected) rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + 1;
  const answer = { success: true, rejectedCount: rejected.length, rejectedByReason, rejected: shown };
  return sendJson(reply, 200, JSON.stringify(answer));
}

/** A request that cannot be taken, ever: the sender has to change it. */
export function answerRefused(reply: FastifyReply, status: number, reason: string, detail: string): FastifyReply {
  return sendJson(reply, status, JSON.stringify({ success: false, reason, detail }));
}

/**
 * Come again later. 429 and not 503, because SDKs heed `Retry-After` on 429 only, and do not count such a wait as one of
 * their tries. Whole seconds: dates are not understood. Spread, so that not all come back at once.
 */
export function answerLater(reply: FastifyReply, atLeastSeconds: number): FastifyReply {
  const seconds = Math.ceil(atLeastSeconds * (1 + Math.random()));
  void reply.header('retry-after', String(seconds));
  return answerRefused(reply, 429, 'try-later', `nothing of this request was kept; send it again in ${seconds} s`);
}

export function sendJson(reply: FastifyReply, status: number, json: string): FastifyReply {
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(json);
}
