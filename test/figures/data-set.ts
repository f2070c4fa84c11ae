import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeMessage, profileIdOf, type OpenedTouchpoint } from '@rapport/events';
import { loadMapping, touchpointsOf } from '@rapport/service-standalone';

export const root = path.resolve(import.meta.dirname, '../..');

/** Real data and figures that no one here made up; they are not part of this repository. */
export const sharedData = path.join(process.env['RAPPORT_SHARED_DIR'] ?? path.join(root, '..', 'shared'), 'data');

/** `describe`, or one that skips with a clear line where a file of the data sets is absent. */
export function describeWith(files: readonly string[]): jest.Describe {
  const missing = files.map((file) => path.join(sharedData, file)).filter((file) => !existsSync(file));
  if (missing.length === 0) return describe;
  console.warn(`Skipped: ${missing[0]} is not there. Set RAPPORT_SHARED_DIR to the folder that holds data/.`);
  return describe.skip;
}

/** The figures that others published or computed: `reference/<name>.json`. */
export function referenceFigures<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(sharedData, 'reference', `${name}.json`), 'utf8')) as T;
}

const receivedAt = Date.UTC(2026, 0, 1);
const batchSize = 5_000;

/**
 * A data set as its shipped mapping imports it, in batches: each row of the real file through the mapping and the
 * collector's own decoding, ready for `storeTouchpoints`. Only HTTP and the log are left out. Fails on a bad row, unless
 * `badRows` says how many there are.
 */
export async function* dataSet(
  mapping: string,
  files: readonly string[],
  { badRows = 0 }: { readonly badRows?: number } = {},
): AsyncGenerator<readonly OpenedTouchpoint[]> {
  const config = { definitionsDir: path.join(root, 'deploy/definitions'), schemasDir: path.join(root, 'schemas') };
  const full = files.map((file) => path.join(sharedData, file));
  const bad: unknown[] = [];
  let batch: OpenedTouchpoint[] = [];
  let offset = 0;
  for await (const imported of touchpointsOf(await loadMapping(mapping, config), { files: full, now: receivedAt })) {
    if (imported.kind === 'bad-row') bad.push({ ...imported, row: undefined });
    if (imported.kind !== 'touchpoint') continue;
    batch.push(opened(imported.message, offset++));
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
  if (bad.length !== badRows) throw new Error(`${bad.length} bad rows, expected ${badRows}: ${JSON.stringify(bad[0])}`);
}

function opened(message: unknown, offset: number): OpenedTouchpoint {
  const decoded = decodeMessage(message, undefined, {
    ...{ receivedAt, sentAt: undefined, context: undefined, integrations: undefined, ip: undefined },
    ...{ imported: true, mayNeedMending: false, newMessageId: () => '' },
  });
  if ('rejected' in decoded) throw new Error(decoded.rejected.detail);
  const { identifier, ...touchpoint } = decoded.accepted;
  const profileId = profileIdOf('default', identifier.type, identifier.value);
  return {
    ...touchpoint,
    ...{ workspaceId: 'default', sourceId: 'import', subjectId: profileId, keyId: '1' },
    ...{ profileId, loneProfileId: profileId, logPartition: 0, logOffset: offset },
  };
}
