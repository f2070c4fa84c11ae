import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Every word of every definition: segments, journeys, templates, rules. A trait that is none of them has no use here. */
export async function wordsOfDefinitions(definitionsDir: string): Promise<ReadonlySet<string>> {
  const files = await readdir(definitionsDir, { recursive: true, withFileTypes: true });
  const words = new Set<string>();
  for (const file of files) {
    if (!file.isFile() || !/\.(ya?ml|liquid)$/.test(file.name)) continue;
    const text = await readFile(path.join(file.parentPath, file.name), 'utf8');
    const said = text.replaceAll(/^\s*#.*$/gm, '');
    for (const [word] of said.matchAll(/[\p{L}_$][\p{L}\p{N}_$-]*/gu)) words.add(word);
  }
  return words;
}
