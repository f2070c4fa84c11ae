import type { DeliveryRequested } from '@rapport/events';
import type { PoolClient } from 'pg';
import type { WithheldReason } from './delivery-gate.js';
import type { RenderedMessage } from './template.js';

export interface ReadyContent extends RenderedMessage {
  readonly to: string;
  /** Headers of an email, by name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A message ready to go, or the reason why there is none. */
export interface Message {
  readonly request: DeliveryRequested;
  /** Log time of the request, milliseconds since the epoch. */
  readonly sentAt: number;
  readonly content: ReadyContent | { readonly failed: FailureReason } | { readonly withheld: WithheldReason };
}

export type FailureReason = 'erased' | 'unreadable-content' | 'template-missing' | 'wrong-channel' | 'render-failed';

export interface Receipt {
  readonly message: Message;
  /** `already-sent`: the delivery id was used before, and nothing happened. */
  readonly status: 'sent' | 'failed' | 'withheld' | 'already-sent';
  readonly reason: string | null;
}

/**
 * Where messages leave. A channel sends each delivery id at most once; one whose effect lies in PostgreSQL writes through
 * `tx` and is exactly once by that. Receipts come in the order of the messages.
 */
export interface Channel {
  send(messages: readonly Message[], tx: PoolClient): Promise<readonly Receipt[]>;
}
