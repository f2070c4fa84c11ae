import type { PlainIdentifier, SuppressionRecorded } from '@rapport/events';
import { CompactedTopic } from '../compacted/compacted-topic.js';
import type { EventCodec } from '../port/event-codec.js';
import type { EventLog } from '../port/event-log.js';
import type { SubjectVault } from '../port/subject-vault.js';

export interface SuppressionParts {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly vault: Pick<SubjectVault, 'hash'>;
  readonly clock: () => number;
}

/**
 * Identifiers that nothing may be sent to and no import may bring back: the compacted topic `suppressions`, by keyed hash.
 * It holds nobody's data and needs nothing but the log, so it outlives an erasure.
 */
export class SuppressionList {
  private readonly topic: CompactedTopic<'suppression-recorded'>;

  constructor(private readonly parts: SuppressionParts) {
    const { eventLog, codec, clock } = parts;
    this.topic = new CompactedTopic({ eventLog, codec, clock, topic: 'suppressions', event: 'suppression-recorded' });
  }

  get isEmpty(): boolean {
    return this.topic.size === 0;
  }

  get hasBeenRead(): boolean {
    return this.topic.hasBeenRead;
  }

  /** Whether the list holds all that was on the log `maxAgeMs` ago. */
  isAsOf(maxAgeMs: number): boolean {
    return this.topic.isAsOf(maxAgeMs);
  }

  /** Resolves once the list holds all that was on the log `maxAgeMs` ago; at 0, all that is on it now. */
  refresh(maxAgeMs = 0): Promise<void> {
    return this.topic.refresh(maxAgeMs);
  }

  /** The entry of these identifiers that keeps out the most; of several, that of the first identifier. */
  find(workspaceId: string, identifiers: readonly PlainIdentifier[]): SuppressionRecorded | undefined {
    if (this.isEmpty) return undefined;
    let widest: SuppressionRecorded | undefined;
    for (const identifier of identifiers) {
      const found = this.topic.get(this.keyOf(workspaceId, identifier));
      if (found?.scope === 'everything') return found;
      widest ??= found;
    }
    return widest;
  }

  of(workspaceId: string): readonly SuppressionRecorded[] {
    return this.topic.values().filter((suppression) => suppression.workspaceId === workspaceId);
  }

  async add(
    workspaceId: string,
    identifier: PlainIdentifier,
    { scope, reason }: Pick<SuppressionRecorded, 'scope' | 'reason'>,
  ): Promise<SuppressionRecorded> {
    const value = this.entryOf(workspaceId, identifier, { scope, reason });
    await this.topic.put(value.identifierHash, value);
    return value;
  }

  /** Adds those that are not on the list yet; an entry that is there keeps its scope and reason. Returns how many are on it now. */
  async addMissing(
    workspaceId: string,
    identifiers: readonly PlainIdentifier[],
    why: Pick<SuppressionRecorded, 'scope' | 'reason'>,
  ): Promise<number> {
    await this.topic.refresh();
    const entries = new Map(
      identifiers.map((identifier) => {
        const entry = this.entryOf(workspaceId, identifier, why);
        return [entry.identifierHash, entry] as const;
      }),
    );
    const missing = new Map([...entries].filter(([key]) => this.topic.get(key) === undefined));
    if (missing.size > 0) await this.topic.putAll(missing);
    return entries.size;
  }

  private entryOf(
    workspaceId: string,
    identifier: PlainIdentifier,
    { scope, reason }: Pick<SuppressionRecorded, 'scope' | 'reason'>,
  ): SuppressionRecorded {
    const identifierHash = this.keyOf(workspaceId, identifier);
    const recordedAt = this.parts.clock();
    return { workspaceId, identifierType: identifier.type, identifierHash, scope, reason, recordedAt };
  }

  /** False where it was not on the list. */
  async remove(workspaceId: string, identifier: PlainIdentifier): Promise<boolean> {
    const key = this.keyOf(workspaceId, identifier);
    await this.topic.refresh();
    if (this.topic.get(key) === undefined) return false;
    await this.topic.remove(key);
    return true;
  }

  private keyOf(workspaceId: string, { type, value }: PlainIdentifier): string {
    return this.parts.vault.hash(workspaceId, `suppressed/${type}`, suppressedForm(type, value));
  }
}

/**
 * The one form in which an identifier is compared, whatever the rules of identity say today: what is on the list must stay
 * found. Addresses without case, numbers by their digits.
 */
function suppressedForm(type: string, value: string): string {
  if (type === 'email') return value.trim().toLowerCase();
  if (type === 'phone') return value.replace(/\D+/g, '').replace(/^00/, '');
  return value.trim();
}
