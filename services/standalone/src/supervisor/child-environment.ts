import type { RapportConfig } from '@rapport/runtime';

/**
 * The environment of a child process: the parent's settings and what a program needs to run, with nothing else of the
 * parent's environment passed on.
 */
export function childEnvironment(
  config: RapportConfig,
  // eslint-disable-next-line no-restricted-properties -- handed on to children, not read
  parent: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  const kept = Object.entries(parent).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (/^RAPPORT_/.test(entry[0]) || ['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR'].includes(entry[0])),
  );
  return { ...Object.fromEntries(kept), RAPPORT_DATA_DIR: config.dataDir };
}
