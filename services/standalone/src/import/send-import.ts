import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { type MappingDocument } from './mapping-document.js';
import { sendTouchpoints, type Collector, type SendOptions, type Sent, type TouchpointToSend } from './send.js';
import { touchpointsOf, type ImportOptions } from './touchpoints-of.js';

export interface SendImportOptions extends ImportOptions {
  /** From the survey of the same files. */
  readonly fingerprint: string;
  /** Where the checkpoint is kept. */
  readonly folder: string;
  readonly collector: Collector;
  /** Called with the touchpoints acknowledged so far, those of an earlier run included. */
  readonly onAcknowledged?: (touchpoints: number) => void;
  /** Called once, before anything is sent, with the touchpoints that an earlier run had sent. */
  readonly onResumed?: (touchpoints: number) => void;
  readonly pause?: SendOptions['pause'];
}

export interface SentImport extends Sent {
  /** Touchpoints that an earlier run had sent. */
  readonly resumedAt: number;
}

/** A checkpoint is written after this many. */
const touchpointsAtATime = 10_000;

/**
 * Sends what the files become through `POST /v1/import` and goes on where an earlier run of the same touchpoints ended. Ids are
 * derived from the rows, so that what is sent twice around a crash counts once. Errors: those of `sendTouchpoints`.
 */
export async function sendImport(mapping: MappingDocument, options: SendImportOptions): Promise<SentImport> {
  const { fingerprint, folder, collector, pause, onAcknowledged = () => undefined, onResumed } = options;
  const { acknowledged: resumedAt } = await readCheckpoint(folder, fingerprint);
  let acknowledged = resumedAt;
  const total = { touchpoints: 0, requests: 0, repeated: 0, rejected: 0, suppressed: 0 };
  onResumed?.(resumedAt);
  for await (const window of windowsOf(mapping, options, resumedAt)) {
    const before = acknowledged;
    const sent = await sendTouchpoints(window, collector, {
      imported: true,
      ...(pause && { pause }),
      onAcknowledged: (touchpoints) => onAcknowledged((acknowledged += touchpoints)),
    });
    acknowledged = before + window.length;
    for (const name of ['touchpoints', 'requests', 'repeated', 'rejected', 'suppressed'] as const)
      total[name] += sent[name];
    await writeCheckpoint(folder, { fingerprint, acknowledged });
  }
  return { ...total, resumedAt };
}

async function* windowsOf(
  mapping: MappingDocument,
  options: ImportOptions,
  skip: number,
): AsyncGenerator<readonly TouchpointToSend[]> {
  let window: TouchpointToSend[] = [];
  let seen = 0;
  for await (const imported of touchpointsOf(mapping, { files: options.files, now: options.now })) {
    if (imported.kind !== 'touchpoint' || seen++ < skip) continue;
    window.push(imported);
    if (window.length < touchpointsAtATime) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}
