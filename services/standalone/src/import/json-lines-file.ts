import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';

/** A file of one JSON object a line, readable by its owner alone: it may hold personal data. */
export class JsonLinesFile {
  private stream: WriteStream | undefined;

  constructor(readonly file: string) {}

  /** The file is made with the first object; what stood there before is replaced. */
  async add(value: object): Promise<void> {
    if (this.stream === undefined) {
      mkdirSync(path.dirname(this.file), { recursive: true });
      this.stream = createWriteStream(this.file, { mode: 0o600 });
    }
    const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
    if (!this.stream.write(`${text}\n`)) await once(this.stream, 'drain');
  }

  async close(): Promise<void> {
    if (this.stream === undefined) return;
    this.stream.end();
    await finished(this.stream);
  }
}
