import type { ServiceName } from '@rapport/events';
import type { RapportConfig } from '../config/config.js';
import type { Stretch } from './builder.js';

/** What a thread builds, and on which platform. */
export interface ThreadTask {
  readonly name: ServiceName;
  readonly config: RapportConfig;
}

/** What the thread is asked; `call` comes back with the answer, `reading` names a stretch that was opened before. */
export type ThreadCall = { readonly call: number } & (
  | ({ readonly kind: 'open' } & ThreadTask)
  | { readonly kind: 'read'; readonly reading: number; readonly stretch: Stretch }
  | { readonly kind: 'peek'; readonly reading: number }
  | { readonly kind: 'advance'; readonly reading: number; readonly notAfter: number }
  | { readonly kind: 'close' }
);

/** What the thread says: an answer (the time peeked at, the position reached), or that it handled so many records. */
export type ThreadMessage =
  | { readonly kind: 'done'; readonly call: number; readonly value: number | undefined }
  | { readonly kind: 'failed'; readonly call: number; readonly error: ThreadError }
  | { readonly kind: 'handled'; readonly records: number };

/** An error on its way between threads, which would lose the code. */
export interface ThreadError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
}

export function threadErrorOf(error: unknown): ThreadError {
  // What comes out of a thread is an error of no class that is known here.
  const {
    name = 'Error',
    message = 'a value that is no Error was thrown',
    code,
  } = (error ?? {}) as Partial<ThreadError>;
  return { name: String(name), message: String(message), code: typeof code === 'string' ? code : undefined };
}

export function errorOfThread({ name, message, code }: ThreadError): Error {
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
}
