import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ErasureDto, type RequestErasureDto } from '@rapport/service-query';
import { Command, Option } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { makeFolder, readNamedFile } from '../files.js';
import { startProgress, type Progress } from '../progress.js';
import { callApi, nobodyHas } from '../query-api.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface EraseOptions extends EndpointOptions {
  readonly type?: string;
  readonly out?: string;
  readonly verify?: string;
  readonly suppress: NonNullable<RequestErasureDto['suppress']>;
  readonly json?: boolean;
}

const pollMs = 500;

/** `rapport erase <identifier>`: erases a person everywhere and keeps the signed certificate. */
export function eraseCommand(terminal: Terminal): Command {
  const command = new Command('erase')
    .description('erase a person everywhere, with a signed certificate; or verify a certificate')
    .argument('[identifier]', 'any identifier of the person, or the profile id')
    .option('--type <type>', 'look among identifiers of this type only, for example email')
    .option('--out <file>', 'where to put the certificate (default: erasure-<id>.jws)')
    .option('--verify <file>', 'verify a certificate of this installation instead')
    .addOption(
      new Option('--suppress <scope>', 'what the suppression list keeps out afterwards, by keyed hash')
        .choices(['none', 'imports', 'everything'])
        .default('imports'),
    )
    .option('--json', 'print JSON on one line')
    .addHelpText(
      'after',
      '\nTakes a little over a minute: for so long a process may still use a key it knows; up to twice that where others are\n' +
        'being erased. Many are asked for side by side, or over the API: they share the minute. An\n' +
        'erasure that was cut off goes on when Rapport runs again.',
    );
  return withEndpointOptions(command).action(async (identifier: string | undefined, options: EraseOptions) => {
    if (options.verify !== undefined) return verify(terminal, options.verify, options);
    if (identifier === undefined)
      throw new CommandError('Say whom to erase, or --verify <file>.', { hint: 'rapport erase --help shows both.' });
    return erase(terminal, identifier, options);
  });
}

async function erase(terminal: Terminal, identifier: string, options: EraseOptions): Promise<void> {
  const endpoints = await readEndpoints(options);
  // Before anything is gone: whoever asks for an erasure gets its certificate.
  if (options.out !== undefined) await makeFolder(path.dirname(options.out), 'Name another file with --out.');
  const body = { identifier, suppress: options.suppress, ...(options.type && { type: options.type }) };
  const requested = await callApi(endpoints, { method: 'POST', path: '/v1/erasures', body }, nobodyHas(identifier));
  let erasure = (await requested.json()) as ErasureDto;
  const { suppressed = 0 } = erasure;
  const progress: Progress = startProgress(terminal, 'Erasing', erasure.progress.of);
  try {
    while (erasure.status !== 'completed') {
      progress.update(erasure.progress.done);
      await pause(pollMs);
      const answer = await callApi(endpoints, { path: `/v1/erasures/${erasure.erasureId}` });
      erasure = (await answer.json()) as ErasureDto;
    }
    progress.update(erasure.progress.of);
  } finally {
    progress.stop();
  }
  const file = options.out ?? `erasure-${erasure.erasureId}.jws`;
  await writeFile(file, `${erasure.certificate ?? ''}\n`);
  if (options.json) terminal.print(JSON.stringify({ ...erasure, suppressed, file }));
  else {
    const keptOut =
      suppressed > 0
        ? `\n${suppressed} identifiers are on the suppression list (${options.suppress}), by keyed hash.`
        : '';
    terminal.print(`${storesTable(erasure.stores)}\n\nErased. The certificate is in ${file}.${keptOut}`);
  }
}

async function verify(terminal: Terminal, file: string, options: EraseOptions): Promise<void> {
  // Loaded only here: every other command starts without the services.
  const { CertificateError, verifyCertificate } = await import('@rapport/service-query');
  const jws = await readNamedFile(
    file,
    'Name the .jws file that rapport erase wrote. GET /v1/erasures/<id> gives it again, as `certificate`.',
  );
  const key = await callApi(await readEndpoints(options), { path: '/v1/erasures/certificate-key' });
  const certificate = await verifyCertificate(jws, (await key.json()) as object).catch((error: unknown) => {
    if (!(error instanceof CertificateError)) throw error;
    throw new CommandError(`${file} is not valid: ${error.message}.`, {
      hint: 'Take the file as rapport erase wrote it, and ask the Rapport that erased. GET /v1/erasures/<id> gives it again, as `certificate`.',
      cause: error,
    });
  });
  if (options.json) terminal.print(JSON.stringify({ valid: true, certificate }));
  else {
    terminal.print(
      `${storesTable(certificate.stores)}\n\nValid: erasure ${certificate.erasureId}, completed ${certificate.completedAt}.`,
    );
  }
}

function storesTable(stores: ErasureDto['stores']): string {
  return textTable(
    [{ title: 'store' }, { title: 'removed', align: 'right' }, { title: 'left', align: 'right' }, { title: 'note' }],
    stores.map(({ store, removed, left, note = '' }) => [store, String(removed), String(left), note]),
  );
}
