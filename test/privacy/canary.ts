import { createReadStream, readdirSync } from 'node:fs';
import path from 'node:path';

/** The canary in the forms in which a store could keep it: UTF-8, UTF-16, base64 at each of the three alignments, hex. */
export function formsOf(canary: string): readonly Buffer[] {
  const bytes = Buffer.from(canary);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // Characters that hold bits of the padding or of what stands around the canary are left out.
    return Buffer.from(text.slice(shift === 0 ? 0 : shift + 1, -2));
  });
  return [bytes, Buffer.from(canary, 'utf16le'), ...base64, Buffer.from(bytes.toString('hex'))];
}

/** Files under `folder` that hold one of the forms, with the offset; symbolic links are not followed. */
export async function filesWith(folder: string, forms: readonly Buffer[]): Promise<readonly string[]> {
  const found: string[] = [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const entry of files) {
    const file = path.join(entry.parentPath, entry.name);
    const offset = await offsetOf(file, forms);
    if (offset !== undefined) found.push(`${path.relative(folder, file)} at ${offset}`);
  }
  return found;
}

async function offsetOf(file: string, forms: readonly Buffer[]): Promise<number | undefined> {
  const overlap = Math.max(...forms.map(({ length }) => length)) - 1;
  let carried = Buffer.alloc(0);
  let position = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 4 * 1024 * 1024 })) {
      const window = Buffer.concat([carried, chunk as Buffer]);
      for (const form of forms) {
        const at = window.indexOf(form);
        if (at >= 0) return position + at;
      }
      carried = window.subarray(Math.max(0, window.length - overlap));
      position += window.length - carried.length;
    }
  } catch (error) {
    // A running store removes files while they are listed; what is gone holds nothing.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return undefined;
}
