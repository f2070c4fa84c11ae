import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  createEventCodec,
  createLmdbEventLog,
  createSubjectVault,
  type EventLog,
  type SealRequest,
  type SubjectVault,
  type SubjectVaultOptions,
} from '../../index.js';

export const codec = createEventCodec({ schemasDir: resolve(import.meta.dirname, '../../../../../schemas') });
export const masterKey = randomBytes(32);

const hashKey = randomBytes(32);

/** What a vault sealed, as somebody gives it to a vault to open. */
export type Sealed = Awaited<ReturnType<VaultFixture['sealText']>>;

export function request(subjectId: string, text: string, boundTo = 'm-1', workspaceId = 'shop'): SealRequest {
  return { workspaceId, subjectId, boundTo, plaintext: Buffer.from(text) };
}

/** Vaults over one real event log, as processes of their own have them, at a time that the test sets. */
export class VaultFixture {
  now = Date.UTC(2010, 11, 1);
  /** Those that are open. */
  opened: SubjectVault[] = [];
  /** What vaults said of records that are no subject keys. */
  readonly undecodable: string[] = [];
  readonly vault: SubjectVault;

  private constructor(
    readonly folder: string,
    readonly eventLog: EventLog,
  ) {
    this.vault = this.openVault('a');
  }

  static async start(): Promise<VaultFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'rapport-vault-'));
    const clock = (): number => fixture.now;
    const eventLog = createLmdbEventLog({ folder: join(folder, 'log'), partitions: 2, clock });
    const fixture = new VaultFixture(folder, eventLog);
    await eventLog.ensureTopics();
    return fixture;
  }

  async stop(): Promise<void> {
    await Promise.all(this.opened.map((each) => each.close()));
    await this.eventLog.close();
    await rm(this.folder, { recursive: true });
  }

  /** A vault as another process has it: same log and keys, memory and table of its own unless the name is the same. */
  openVault(name: string, options: Partial<SubjectVaultOptions> = {}): SubjectVault {
    const created = createSubjectVault({
      eventLog: this.eventLog,
      codec,
      masterKeys: { current: masterKey, older: [] },
      hashKey,
      folder: join(this.folder, name),
      clock: () => this.now,
      onUndecodable: (_record, error) => this.undecodable.push(error.message),
      ...options,
    });
    this.opened.push(created);
    return created;
  }

  async sealText(by: SubjectVault, subjectId: string, text: string, boundTo = 'm-1') {
    const [sealed] = await by.seal([request(subjectId, text, boundTo)]);
    return { workspaceId: 'shop', boundTo, ...sealed! };
  }

  async openText(by: SubjectVault, sealed: Sealed): Promise<string | undefined> {
    return (await by.open([sealed]))[0]?.toString();
  }

  async subjectKeysOnLog(): Promise<{ readonly key: string; readonly value: Buffer | null }[]> {
    const records = [];
    for (const { topic, partition, low, high } of await this.eventLog.bounds('subject-keys')) {
      for await (const chunk of this.eventLog.read({ topic, partition, from: low, to: high })) records.push(...chunk);
    }
    return records;
  }
}
