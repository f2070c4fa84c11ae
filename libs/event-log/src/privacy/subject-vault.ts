import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { OpenedTouchpoint, ProfileTouchpoint, TouchpointContent } from '@rapport/events';
import type { EventCodec } from '../port/event-codec.js';
import type { EventLog } from '../port/event-log.js';
import type {
  KeyRotation,
  OpenRequest,
  SealedBytes,
  SealRequest,
  SubjectVault,
  TouchpointReader,
} from '../port/subject-vault.js';
import { DataKeys, type DataKey } from './data-keys.js';
import { MasterKeys, type MasterKeyOptions } from './master-keys.js';
import { OpenedContents, parseContent } from './opened-contents.js';
import { rotateMasterKey } from './rotate-master-key.js';
import { openBytes, SealBrokenError, sealBytes } from './sealing.js';
import { SubjectKeyTable, type OnUndecodable } from './subject-key-table.js';

export interface SubjectVaultOptions {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly masterKeys: MasterKeyOptions;
  /** 32 bytes; can never change, for the hashes stand on the log. */
  readonly hashKey: Uint8Array;
  /** Folder of the local table of keys; a cache that several processes may share and anybody may delete. */
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told about records on `subject-keys` that are no subject keys. */
  readonly onUndecodable?: OnUndecodable;
  /** How long a key is used without asking the log again, milliseconds. Default, and at most, one minute. */
  readonly trustMs?: number;
  /** Subjects whose keys stay in memory. Default 50,000. */
  readonly maxResidentSubjects?: number;
  /** Whether what was opened is kept for another consumer of the process. Default true. */
  readonly hasSeveralReaders?: boolean;
}

const longestTrustMs = 60_000;

interface OpenedUntil {
  readonly touchpoint: OpenedTouchpoint;
  /** When the keys must be asked for again, milliseconds since the epoch. */
  readonly until: number;
}

/** Opens nothing and asks the log nothing until it is used. */
export function createSubjectVault(options: SubjectVaultOptions): SubjectVault {
  return new LogSubjectVault(options);
}

class LogSubjectVault implements SubjectVault {
  private readonly table: SubjectKeyTable;
  private readonly keys: DataKeys;
  private readonly contents: OpenedContents;
  /** By the record's one event, so that of the consumers of a process only the first opens it. */
  private opened = new WeakMap<ProfileTouchpoint, OpenedUntil>();
  private readonly isShared: boolean;
  private readonly hashKey: KeyObject;
  private readonly masterKeys: MasterKeys;

  constructor(private readonly options: SubjectVaultOptions) {
    const { hashKey, maxResidentSubjects: maxResident = 50_000, trustMs = longestTrustMs } = options;
    if (trustMs > longestTrustMs) throw new RangeError(`keys are trusted for at most ${longestTrustMs} ms`);
    if (hashKey.length !== 32) throw new RangeError(`the hash key has 32 bytes, not ${hashKey.length}`);
    this.hashKey = createSecretKey(hashKey);
    this.isShared = options.hasSeveralReaders ?? true;
    this.contents = new OpenedContents(options.clock);
    this.table = new SubjectKeyTable(options);
    this.masterKeys = new MasterKeys(options.masterKeys, options.clock);
    this.keys = new DataKeys({ ...options, table: this.table, masterKeys: this.masterKeys, maxResident, trustMs });
  }

  hash(workspaceId: string, identifierType: string, value: string): string {
    const parts = `${workspaceId.length}:${workspaceId}${identifierType.length}:${identifierType}${value}`;
    return createHmac('sha256', this.hashKey).update(parts).digest().toString('base64url', 0, 16);
  }

  async seal(requests: readonly SealRequest[]): Promise<readonly SealedBytes[]> {
    return sealWith(await this.keys.forSealing(requests), requests);
  }

  sealAtOnce(requests: readonly SealRequest[]): readonly SealedBytes[] | undefined {
    const keys = this.keys.inMemory(requests);
    return keys === undefined ? undefined : sealWith(keys, requests);
  }

  async open(requests: readonly OpenRequest[]): Promise<readonly (Buffer | undefined)[]> {
    const keys = await this.keys.forOpening(requests);
    return requests.map((request, index) => {
      const key = keys[index];
      return key && openWith(key, request, index);
    });
  }

  async openContent(requests: readonly OpenRequest[]): Promise<readonly (TouchpointContent | undefined)[]> {
    const keys = await this.keys.forOpening(requests);
    return requests.map((request, index) => {
      const key = keys[index];
      return key && this.contentOf(key, request, index);
    });
  }

  async openTouchpoints(touchpoints: readonly ProfileTouchpoint[]): Promise<readonly OpenedTouchpoint[]> {
    const opened = this.openedBefore(touchpoints);
    const missing = touchpoints.filter((_, index) => opened[index] === undefined);
    if (missing.length === 0) return opened as readonly OpenedTouchpoint[];
    const found = (await this.openAnew(missing)).values();
    return opened.map((known) => known ?? found.next().value!);
  }

  async readersOf(touchpoints: readonly ProfileTouchpoint[]): Promise<readonly (TouchpointReader | undefined)[]> {
    const keep = this.keeping();
    const opened = this.openedBefore(touchpoints);
    const keys = (await this.keys.forOpening(touchpoints.filter((_, index) => opened[index] === undefined))).values();
    return touchpoints.map((touchpoint, index) => {
      const known = opened[index];
      if (known !== undefined) return () => known;
      const key = keys.next().value;
      return key && (() => keep(touchpoint, this.contentOf(key, requestOf(touchpoint), index)));
    });
  }

  private openedBefore(touchpoints: readonly ProfileTouchpoint[]): readonly (OpenedTouchpoint | undefined)[] {
    const now = this.options.clock();
    return touchpoints.map((touchpoint) => {
      const known = this.opened.get(touchpoint);
      return known !== undefined && now < known.until ? known.touchpoint : undefined;
    });
  }

  private async openAnew(touchpoints: readonly ProfileTouchpoint[]): Promise<readonly OpenedTouchpoint[]> {
    const keep = this.keeping();
    const contents = await this.openContent(touchpoints.map(requestOf));
    return touchpoints.map((touchpoint, index) => keep(touchpoint, contents[index]));
  }

  private contentOf(key: KeyObject, request: OpenRequest, index: number): TouchpointContent {
    const known = this.contents.take(request);
    if (known !== undefined) return known;
    const plaintext = openWith(key, request, index);
    return this.isShared ? this.contents.add(request, plaintext) : parseContent(plaintext);
  }

  /** To be asked for before the keys are: what is opened with them is not kept past an erasure. */
  private keeping(): (touchpoint: ProfileTouchpoint, content: TouchpointContent | undefined) => OpenedTouchpoint {
    const { opened, isShared } = this;
    return (touchpoint, content) => {
      const result = { ...touchpoint, content };
      if (content && isShared)
        opened.set(touchpoint, { touchpoint: result, until: this.keys.trustedUntil(touchpoint.subjectId) });
      return result;
    };
  }

  async eraseSubjects(workspaceId: string, subjectIds: readonly string[]): Promise<number> {
    const erased = await this.keys.erase(workspaceId, subjectIds);
    this.contents.clear();
    this.opened = new WeakMap();
    return erased;
  }

  rotateMasterKey(onProgress?: (done: number, total: number) => void): Promise<KeyRotation> {
    const { table, masterKeys } = this;
    const { eventLog, codec } = this.options;
    return rotateMasterKey({ table, masterKeys, eventLog, codec, ...(onProgress && { onProgress }) });
  }

  async keysByMasterKey(): Promise<ReadonlyMap<string, number>> {
    await this.table.catchUp();
    const counts = new Map<string, number>([[this.masterKeys.currentId, 0]]);
    for (const { masterKeyId } of this.table.liveKeys()) counts.set(masterKeyId, (counts.get(masterKeyId) ?? 0) + 1);
    return counts;
  }

  async close(): Promise<void> {
    this.contents.clear();
    this.opened = new WeakMap();
    await this.table.close();
  }
}

function sealWith(keys: readonly DataKey[], requests: readonly SealRequest[]): SealedBytes[] {
  return requests.map((request, index) => {
    const { keyId, key } = keys[index]!;
    return { subjectId: request.subjectId, keyId, bytes: sealBytes(key, request.plaintext, bindingOf(request)) };
  });
}

function requestOf({ workspaceId, subjectId, keyId, messageId, content }: ProfileTouchpoint): OpenRequest {
  return { workspaceId, subjectId, keyId, boundTo: messageId, bytes: content };
}

function openWith(key: KeyObject, request: OpenRequest, index: number): Buffer {
  try {
    return openBytes(key, request.bytes, bindingOf(request));
  } catch (error) {
    throw error instanceof SealBrokenError ? new SealBrokenError(error.message, index) : error;
  }
}

function bindingOf({
  workspaceId,
  subjectId,
  boundTo,
}: Pick<SealRequest, 'workspaceId' | 'subjectId' | 'boundTo'>): string {
  return `${workspaceId.length}:${workspaceId}${subjectId.length}:${subjectId}${boundTo}`;
}
