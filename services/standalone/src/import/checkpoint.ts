import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** How far one import has come. It belongs to the touchpoints themselves, told by their fingerprint. */
export interface Checkpoint {
  readonly fingerprint: string;
  /** Touchpoints, in their order, that the collector has acknowledged. */
  readonly acknowledged: number;
}

/** None where the folder holds none for these touchpoints, or a damaged one: sending again repeats nothing. */
export async function readCheckpoint(folder: string, fingerprint: string): Promise<Checkpoint> {
  const none = { fingerprint, acknowledged: 0 };
  try {
    const saved = JSON.parse(await readFile(fileIn(folder), 'utf8')) as Partial<Checkpoint>;
    const { acknowledged } = saved;
    const sound = Number.isSafeInteger(acknowledged) && Number(acknowledged) >= 0;
    return saved.fingerprint === fingerprint && sound ? { fingerprint, acknowledged: Number(acknowledged) } : none;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return none;
    throw error;
  }
}

/** Whole or not at all, whenever the process is killed. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${fileIn(folder)}.new`, `${JSON.stringify(checkpoint)}\n`);
  await rename(`${fileIn(folder)}.new`, fileIn(folder));
}

function fileIn(folder: string): string {
  return path.join(folder, 'checkpoint.json');
}
