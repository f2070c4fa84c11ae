import { createHash } from 'node:crypto';
import { type MappingDocument } from './mapping-document.js';
import { type ImportMessage } from './touchpoint-maker.js';
import { touchpointsOf, type BadRow, type ImportOptions } from './touchpoints-of.js';

export interface BadReason {
  /** Column or touchpoint that is at fault; empty for the row as a whole. */
  readonly at: string;
  readonly reason: string;
  readonly rows: number;
  readonly firstFile: string;
  readonly firstLine: number;
}

/** What an import would send, counted before anything is sent. */
export interface Survey {
  readonly rows: number;
  readonly touchpoints: number;
  readonly people: number;
  /** Touchpoints by event, or by type where the type has no event. */
  readonly byEvent: Readonly<Record<string, number>>;
  /** Rows that the mapping leaves out, by its reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly badRows: number;
  readonly badReasons: readonly BadReason[];
  /** Touchpoints with a messageId that came before: they count once. */
  readonly repeatedIds: number;
  /** ISO 8601; undefined when there is no touchpoint. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** The first touchpoint of each kind. */
  readonly examples: readonly ImportMessage[];
  /** The same for the same touchpoints in the same order: what a checkpoint belongs to. */
  readonly fingerprint: string;
}

/** Beyond this many kinds of faults the rest is in the file of bad rows only. */
const mostReasons = 100;
/** Repetitions are found among this many ids, so that memory does not grow with the files. */
const mostIds = 2_000_000;

export interface SurveyOptions extends ImportOptions {
  readonly onBadRow?: ((row: BadRow) => Promise<void>) | undefined;
  readonly onTouchpoint?: ((message: ImportMessage) => Promise<void>) | undefined;
}

/** Reads everything once, without sending. Errors: `ImportFileError`. */
export async function survey(mapping: MappingDocument, options: SurveyOptions): Promise<Survey> {
  const { onBadRow, onTouchpoint } = options;
  const counts = new Counts();
  for await (const imported of touchpointsOf(mapping, options)) {
    if (imported.kind === 'row') counts.rows++;
    else if (imported.kind === 'left-out') counts.leaveOut(imported.because);
    else if (imported.kind === 'touchpoint') {
      counts.add(imported.message, imported.person);
      await onTouchpoint?.(imported.message);
    } else {
      counts.addBadRow(imported);
      await onBadRow?.(imported);
    }
  }
  return counts.result();
}

class Counts {
  rows = 0;
  private touchpoints = 0;
  private badRows = 0;
  private repeatedIds = 0;
  private first: string | undefined;
  private last: string | undefined;
  private readonly people = new Set<string>();
  private readonly ids = new Set<string>();
  private readonly byEvent: Record<string, number> = {};
  private readonly leftOut: Record<string, number> = {};
  private readonly reasons = new Map<string, BadReason>();
  private readonly examples = new Map<string, ImportMessage>();
  private readonly hash = createHash('sha256');

  leaveOut(because: string): void {
    this.leftOut[because] = (this.leftOut[because] ?? 0) + 1;
  }

  add(message: ImportMessage, person: string): void {
    const kind = message.event ?? message.type;
    const time = String(message.timestamp);
    this.touchpoints++;
    this.people.add(person);
    if (this.ids.has(message.messageId)) this.repeatedIds++;
    if (this.ids.size < mostIds) this.ids.add(message.messageId);
    this.byEvent[kind] = (this.byEvent[kind] ?? 0) + 1;
    if (this.first === undefined || time < this.first) this.first = time;
    if (this.last === undefined || time > this.last) this.last = time;
    if (!this.examples.has(kind)) this.examples.set(kind, message);
    this.hash.update(JSON.stringify(message));
  }

  addBadRow({ at, reason, file, line }: BadRow): void {
    this.badRows++;
    const general = reason.replace(/^line \d+/, 'another line');
    const known = this.reasons.get(`${at}\n${general}`);
    if (known === undefined && this.reasons.size === mostReasons) return;
    const first = known ?? { at, reason: general, rows: 0, firstFile: file, firstLine: line };
    this.reasons.set(`${at}\n${general}`, { ...first, rows: first.rows + 1 });
  }

  result(): Survey {
    const { rows, touchpoints, byEvent, leftOut, badRows, repeatedIds, first, last } = this;
    return {
      ...{ rows, touchpoints, people: this.people.size, byEvent, leftOut, badRows },
      badReasons: [...this.reasons.values()].sort((a, b) => b.rows - a.rows),
      ...{ repeatedIds, first, last, examples: [...this.examples.values()] },
      fingerprint: this.hash.digest('hex'),
    };
  }
}
