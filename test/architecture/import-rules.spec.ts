import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const root = resolve(import.meta.dirname, '../..');
const samplesFolder = join(import.meta.dirname, 'samples');

async function load<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(join(root, file)).href)) as T;
}

const { default: config } = await load<{ default: Linter.Config[] }>('eslint.config.js');
const { boundaries } = await load<{ boundaries: Linter.Config[] }>('eslint.boundaries.js');

/** Rules of the boundaries: only what they report counts here. */
const boundaryRules = new Set(boundaries.flatMap(({ rules }) => Object.keys(rules ?? {})));

const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  // A sample is linted as a file that is not there, of which the type checker knows nothing.
  overrideConfig: [
    ...config,
    {
      files: ['**/*.ts'],
      ...(tseslint.configs.disableTypeChecked as Linter.Config),
      languageOptions: { parserOptions: { projectService: false, project: null, program: null } },
    },
  ],
});

async function complaints(text: string, as: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, as), warnIgnored: true });
  const reported = result!.messages.filter(({ ruleId }) => ruleId === null || boundaryRules.has(ruleId));
  return reported.map(({ message }) =>
    message.replace(/^'[^']*' (import )?is restricted from being (used|imported)[^.]*\. ?/, ''),
  );
}

interface Sample {
  readonly name: string;
  readonly text: string;
  readonly forbidden: readonly string[];
  readonly because: readonly string[];
  readonly allowed: readonly string[];
}

const samples = readdirSync(samplesFolder).map((file): Sample => {
  const text = readFileSync(join(samplesFolder, file), 'utf8');
  const lines = (word: string) => [...text.matchAll(new RegExp(`^// ${word}: (.*)$`, 'gm'))].map((match) => match[1]!);
  const name = file.replace(/\.ts$/, '').replaceAll('-', ' ');
  return { name, text, forbidden: lines('forbidden as'), because: lines('because'), allowed: lines('allowed as') };
});

describe('the import rules', () => {
  const forbidden = samples.flatMap((sample) => sample.forbidden.map((as) => [sample.name, as, sample] as const));
  const allowed = samples.flatMap((sample) => sample.allowed.map((as) => [sample.name, as, sample] as const));

  it.each(forbidden)('forbid %s as %s', async (_name, as, { text, because }) => {
    const messages = await complaints(text, as);

    expect(because).not.toEqual([]);
    expect(because.filter((reason) => !messages.some((message) => message.includes(reason)))).toEqual([]);
    expect(messages.filter((message) => !because.some((reason) => message.includes(reason)))).toEqual([]);
  });

  it.each(allowed)('allow %s as %s', async (_name, as, { text }) => {
    expect(await complaints(text, as)).toEqual([]);
  });

  it('are each proven by a sample', () => {
    const messages = new Set<string>();
    JSON.stringify(boundaries, (key, value: unknown) => {
      if (key === 'message') messages.add(String(value));
      return value;
    });
    const proven = new Set(samples.flatMap(({ because }) => because));

    expect([...messages].filter((message) => !proven.has(message))).toEqual([]);
  });
});
