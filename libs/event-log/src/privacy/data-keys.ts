import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { SubjectKey } from '@rapport/events';
import { LRUCache } from 'lru-cache';
import type { EventCodec } from '../port/event-codec.js';
import type { EventLog, RecordToAppend } from '../port/event-log.js';
import type { MasterKeys } from './master-keys.js';
import type { StoredKey, SubjectKeyTable } from './subject-key-table.js';

const topic = 'subject-keys';

/** How fresh the table must be before a subject gets its first key. A second key is harmless, only wasteful. */
const creationMs = 5_000;

const dataKeyLength = 32;
const keyIdLength = 9;

export interface DataKey {
  readonly keyId: string;
  readonly key: KeyObject;
}

export interface SubjectRef {
  readonly workspaceId: string;
  readonly subjectId: string;
}

export type KeyRef = SubjectRef & { readonly keyId: string };

interface ResidentKey {
  readonly stored: StoredKey;
  unwrapped: KeyObject | undefined;
}

interface ResidentSubject extends SubjectRef {
  /** The log was asked at this time. */
  readonly asOf: number;
  readonly keys: readonly ResidentKey[];
  /** Seals new content. */
  readonly current: ResidentKey | undefined;
}

interface DataKeyOptions {
  readonly table: SubjectKeyTable;
  readonly masterKeys: MasterKeys;
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly clock: () => number;
  readonly maxResident: number;
  /** How long a key is used after the log was last asked about it: the longest an erased person can still be read. */
  readonly trustMs: number;
}

/** The subjects' data keys: in memory, behind that the local table, behind that the log. */
export class DataKeys {
  private readonly resident: LRUCache<string, ResidentSubject>;
  private readonly creating = new Map<string, Promise<ReadonlyMap<string, ResidentSubject>>>();

  constructor(private readonly options: DataKeyOptions) {
    this.resident = new LRUCache({ max: options.maxResident });
  }

  /** `undefined` where the key was erased: the log, as it stood after the call began, does not hold it. */
  async forOpening(refs: readonly KeyRef[]): Promise<readonly (KeyObject | undefined)[]> {
    const now = this.options.clock();
    const found = refs.map((ref) => this.find(this.trusted(ref, now), ref.keyId));
    if (!found.includes('unknown')) return found.map(erasedAsUndefined);
    if (this.tableAge() >= this.options.trustMs) await this.options.table.catchUp();
    this.fillIn(refs, found);
    if (found.includes('unknown')) {
      await this.options.table.catchUp();
      this.fillIn(refs, found);
    }
    return found.map(erasedAsUndefined);
  }

  /** The key to seal with, for each, where all of them are known and trusted; asks nobody. */
  inMemory(refs: readonly SubjectRef[]): readonly DataKey[] | undefined {
    const now = this.options.clock();
    const keys: DataKey[] = [];
    for (const ref of refs) {
      const key = this.currentKey(this.trusted(ref, now));
      if (key === undefined) return undefined;
      keys.push(key);
    }
    return keys;
  }

  /** The key to seal with, for each; those that are new are durably on the log. */
  async forSealing(refs: readonly SubjectRef[]): Promise<readonly DataKey[]> {
    const now = this.options.clock();
    const keys = refs.map((ref) => this.currentKey(this.trusted(ref, now)));
    const missing = new Map(refs.filter((_, index) => keys[index] === undefined).map((ref) => [ref.subjectId, ref]));
    if (missing.size === 0) return keys as readonly DataKey[];
    if (this.tableAge() >= Math.min(creationMs, this.options.trustMs)) await this.options.table.catchUp();
    const loaded = await this.loadOrCreate([...missing.values()]);
    return refs.map((ref, index) => keys[index] ?? this.currentKey(loaded.get(ref.subjectId)!)!);
  }

  /** Tombstones every key of the subjects and returns how many keys that were. */
  async erase(workspaceId: string, subjectIds: readonly string[]): Promise<number> {
    await Promise.allSettled(this.creating.values());
    await this.options.table.catchUp();
    const tombstones = [...new Set(subjectIds)].flatMap((subjectId) =>
      (this.load({ workspaceId, subjectId })?.keys ?? [])
        .filter(({ stored }) => !('erased' in stored))
        .map(({ stored }): RecordToAppend => ({ topic, key: `${subjectId}/${stored.keyId}`, value: null })),
    );
    if (tombstones.length > 0) await this.options.eventLog.append(tombstones);
    await this.options.table.catchUp();
    for (const subjectId of subjectIds) this.resident.delete(subjectId);
    return tombstones.length;
  }

  /** Until when what was opened with the subject's keys may be used without asking for them again; 0 when not at all. */
  trustedUntil(subjectId: string): number {
    const subject = this.resident.peek(subjectId);
    return subject === undefined ? 0 : subject.asOf + this.options.trustMs;
  }

  private trusted({ workspaceId, subjectId }: SubjectRef, now: number): ResidentSubject | undefined {
    const subject = this.resident.get(subjectId);
    if (subject === undefined) return undefined;
    requireWorkspace(subject.workspaceId, workspaceId);
    return now - subject.asOf < this.options.trustMs ? subject : undefined;
  }

  private tableAge(): number {
    return this.options.clock() - this.options.table.reflects;
  }

  private find(subject: ResidentSubject | undefined, keyId: string): KeyObject | 'erased' | 'unknown' {
    const key = subject?.keys.find(({ stored }) => stored.keyId === keyId);
    if (subject === undefined || key === undefined) return 'unknown';
    return this.unwrapped(subject, key) ?? 'erased';
  }

  private fillIn(refs: readonly KeyRef[], found: (KeyObject | 'erased' | 'unknown')[]): void {
    const loaded = new Map<string, ResidentSubject | undefined>();
    for (const [index, ref] of refs.entries()) {
      if (found[index] !== 'unknown') continue;
      if (!loaded.has(ref.subjectId)) loaded.set(ref.subjectId, this.load(ref));
      found[index] = this.find(loaded.get(ref.subjectId), ref.keyId);
    }
  }

  private currentKey(subject: ResidentSubject | undefined): DataKey | undefined {
    if (subject?.current === undefined) return undefined;
    return { keyId: subject.current.stored.keyId, key: this.unwrapped(subject, subject.current)! };
  }

  private unwrapped(subject: ResidentSubject, key: ResidentKey): KeyObject | undefined {
    if ('erased' in key.stored) return undefined;
    const { keyId, masterKeyId, wrappedKey } = key.stored;
    return (key.unwrapped ??= this.options.masterKeys.unwrap(masterKeyId, wrappedKey, bindingOfKey(subject, keyId)));
  }

  private load(ref: SubjectRef): ResidentSubject | undefined {
    const stored = this.options.table.get(ref.subjectId);
    if (stored === undefined) return undefined;
    requireWorkspace(stored.workspaceId, ref.workspaceId);
    const before = this.resident.get(ref.subjectId);
    const known = new Map(before?.keys.map((key) => [key.stored.keyId, key]));
    const keys = stored.keys.map((key) => {
      const unwrapped = known.get(key.keyId)?.unwrapped;
      known.delete(key.keyId);
      return { stored: key, unwrapped };
    });
    // A key this process has just made may be newer than the table.
    const own = before !== undefined && before.asOf >= this.options.table.reflects ? known.values() : [];
    return this.keep(ref, this.options.table.reflects, [...keys, ...own]);
  }

  private keep({ workspaceId, subjectId }: SubjectRef, asOf: number, keys: readonly ResidentKey[]): ResidentSubject {
    const subject = { workspaceId, subjectId, asOf, keys, current: newest(keys) };
    this.resident.set(subjectId, subject);
    return subject;
  }

  private async loadOrCreate(refs: readonly SubjectRef[]): Promise<ReadonlyMap<string, ResidentSubject>> {
    const subjects = new Map<string, ResidentSubject>();
    const absent: SubjectRef[] = [];
    for (const ref of refs) {
      // Another call may have made the key while this one waited for the table.
      const resident = this.trusted(ref, this.options.clock());
      const known = resident?.current === undefined ? this.load(ref) : resident;
      if (known?.current === undefined) absent.push(ref);
      else subjects.set(ref.subjectId, known);
    }
    const unclaimed = absent.filter(({ subjectId }) => !this.creating.has(subjectId));
    if (unclaimed.length > 0) this.claim(unclaimed, this.create(unclaimed));
    const creations = absent.map(({ subjectId }) => this.creating.get(subjectId)!);
    for (const [index, { subjectId }] of absent.entries()) {
      subjects.set(subjectId, (await creations[index]!).get(subjectId)!);
    }
    return subjects;
  }

  private claim(refs: readonly SubjectRef[], creation: Promise<ReadonlyMap<string, ResidentSubject>>): void {
    for (const { subjectId } of refs) this.creating.set(subjectId, creation);
    const release = (): void => refs.forEach(({ subjectId }) => this.creating.delete(subjectId));
    creation.then(release, release);
  }

  private async create(refs: readonly SubjectRef[]): Promise<ReadonlyMap<string, ResidentSubject>> {
    const createdAt = this.options.clock();
    // Drawn at once: a system call for each would cost as much as the encryption.
    const random = randomBytes(refs.length * (dataKeyLength + keyIdLength));
    const created = refs.map((ref, index) => {
      const from = index * (dataKeyLength + keyIdLength);
      return this.newKey(ref, createdAt, random.subarray(from, from + dataKeyLength + keyIdLength));
    });
    await this.options.eventLog.append(
      created.map(({ event }): RecordToAppend => {
        const value = this.options.codec.encode('subject-key', event);
        return { topic, key: `${event.subjectId}/${event.keyId}`, value };
      }),
    );
    return new Map(created.map(({ event, key }) => [event.subjectId, this.keep(event, createdAt, [key])]));
  }

  private newKey(
    ref: SubjectRef,
    createdAt: number,
    random: Buffer,
  ): { readonly event: SubjectKey; readonly key: ResidentKey } {
    const { masterKeys } = this.options;
    const dataKey = random.subarray(0, dataKeyLength);
    const keyId = random.toString('base64url', dataKeyLength);
    const masterKeyId = masterKeys.currentId;
    const wrappedKey = masterKeys.wrap(dataKey, bindingOfKey(ref, keyId));
    const stored = { keyId, masterKeyId, wrappedKey, createdAt };
    const event = { workspaceId: ref.workspaceId, subjectId: ref.subjectId, ...stored };
    return { event, key: { stored, unwrapped: createSecretKey(dataKey) } };
  }
}

function erasedAsUndefined(key: KeyObject | 'erased' | 'unknown'): KeyObject | undefined {
  return typeof key === 'string' ? undefined : key;
}

function newest(keys: readonly ResidentKey[]): ResidentKey | undefined {
  let current: (ResidentKey & { stored: { createdAt: number } }) | undefined;
  for (const key of keys) {
    if (!isLive(key)) continue;
    if (current === undefined || key.stored.createdAt > current.stored.createdAt) current = key;
  }
  return current;
}

function isLive(key: ResidentKey): key is ResidentKey & { stored: { createdAt: number } } {
  return !('erased' in key.stored);
}

export function bindingOfKey({ workspaceId, subjectId }: SubjectRef, keyId: string): string {
  return JSON.stringify([workspaceId, subjectId, keyId]);
}

function requireWorkspace(known: string, asked: string): void {
  if (known === asked) return;
  throw new RangeError(`the subject belongs to workspace ${known}, not ${asked}; a subject id comes from hash()`);
}
