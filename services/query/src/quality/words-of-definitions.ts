import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FactoryProvider } from '@nestjs/common';
import { PLATFORM, type Platform } from '@rapport/runtime';

/** Nest injection token of the words of the definitions: `@Inject(DEFINITION_WORDS) words: ReadonlySet<string>`. */
export const DEFINITION_WORDS = Symbol('rapport.definition-words');

export const definitionWordsProvider: FactoryProvider<ReadonlySet<string>> = {
  provide: DEFINITION_WORDS,
  useFactory: (platform: Platform) => wordsOfDefinitions(platform.config.definitionsDir),
  inject: [PLATFORM],
};

/** Every word of every definition: segments, journeys, templates, rules. A trait that is none of them has no use here. */
async function wordsOfDefinitions(definitionsDir: string): Promise<ReadonlySet<string>> {
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
