import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { type BadRow } from './touchpoints-of.js';

/** The rows that are not imported, one JSON object a line, readable by the owner alone: file, line, at, reason, row. */
export class BadRowsFile {
  private stream: WriteStream | undefined;

  constructor(readonly file: string) {}

  /** The file is made with the first bad row; what an earlier import left there is replaced. */
  async add({ kind: _kind, ...row }: BadRow): Promise<void> {
    if (this.stream === undefined) {
      mkdirSync(path.dirname(this.file), { recursive: true });
      this.stream = createWriteStream(this.file, { mode: 0o600 });
    }
    const text = JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    if (!this.stream.write(`${text}\n`)) await once(this.stream, 'drain');
  }

  async close(): Promise<void> {
    if (this.stream === undefined) return;
    this.stream.end();
    await finished(this.stream);
  }
}
