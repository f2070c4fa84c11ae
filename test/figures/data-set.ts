import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { decodeMessage, type OpenedTouchpoint } from '@rapport/events';
import { hasSharedData, sharedData, temporaryFolder } from '@rapport/testing';

export const root = path.resolve(import.meta.dirname, '../..');

/** `describe`, or one that skips with a clear line where a file of the data sets is absent. */
export function describeWith(files: readonly string[]): jest.Describe {
  return hasSharedData(files) ? describe : describe.skip;
}

const receivedAt = Date.UTC(2026, 0, 1);
const batchSize = 5_000;
const runFile = promisify(execFile);
const bin = path.join(root, 'services/standalone/bin/rapport.js');

/**
 * A data set as `rapport import --mapping <mapping>` sends it, in batches: each row of the real file through the mapping and
 * the collector's own decoding, ready for `storeTouchpoints`. Only HTTP, the log and identity resolution are left out: a
 * profile has the identifier itself as its id, so that a figure names whom the file names. Runs the built program, which
 * reads half a million lines several times faster than Jest's sandbox does. Fails on bad rows, unless `badRows` says how
 * many there are.
 */
export async function* dataSet(
  mapping: string,
  files: readonly string[],
  { badRows = 0 }: { readonly badRows?: number } = {},
): AsyncGenerator<readonly OpenedTouchpoint[]> {
  const folder = temporaryFolder();
  try {
    const written = path.join(folder.path, 'touchpoints.jsonl');
    const full = files.map((file) => path.join(sharedData, file));
    const line = [
      bin,
      'import',
      ...full,
      '--mapping',
      mapping,
      '--write',
      written,
      '--bad-rows',
      `${written}.bad`,
      '--json',
    ];
    // The settings of the test run are none of Rapport's.
    const env = { PATH: process.env['PATH'] ?? '' };
    const { stdout } = await runFile(process.execPath, line, { env, maxBuffer: 2 ** 26 });
    const survey = JSON.parse(stdout) as { readonly badRows: number; readonly badReasons: unknown };
    if (survey.badRows !== badRows) throw new Error(`${survey.badRows} bad rows: ${JSON.stringify(survey.badReasons)}`);
    let batch: OpenedTouchpoint[] = [];
    let offset = 0;
    for await (const text of createInterface({ input: createReadStream(written) })) {
      batch.push(opened(JSON.parse(text), offset++));
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } finally {
    folder.remove();
  }
}

function opened(message: unknown, offset: number): OpenedTouchpoint {
  const decoded = decodeMessage(message, undefined, {
    ...{ receivedAt, sentAt: undefined, context: undefined, integrations: undefined, ip: undefined },
    ...{ imported: true, mayNeedMending: false, newMessageId: () => '' },
  });
  if ('rejected' in decoded) throw new Error(decoded.rejected.detail);
  const { identifier, ...touchpoint } = decoded.accepted;
  const profileId = identifier.value;
  return {
    ...touchpoint,
    ...{ workspaceId: 'default', sourceId: 'import', subjectId: profileId, keyId: '1' },
    ...{ profileId, loneProfileId: profileId, logPartition: 0, logOffset: offset },
  };
}
