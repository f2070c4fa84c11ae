import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { makeFolder } from '../files.js';
import { callApi, nobodyHas } from '../query-api.js';
import { type Terminal } from '../terminal.js';

interface ExportOptions extends EndpointOptions {
  readonly type?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** `rapport export <identifier>`: everything about a person, for machines and for people. */
export function exportCommand(terminal: Terminal): Command {
  const command = new Command('export')
    .description('write everything about a person into two files: JSON, and a page to read')
    .argument('<identifier>', 'any identifier of the person, or the profile id')
    .option('--type <type>', 'look among identifiers of this type only, for example email')
    .option('--out <folder>', 'where to put them', '.')
    .option('--json', 'print the JSON document instead, and write no file');
  return withEndpointOptions(command).action(async (identifier: string, options: ExportOptions) => {
    const endpoints = await readEndpoints(options);
    const folder = path.resolve(options.out ?? '.');
    if (!options.json) await makeFolder(folder, 'Name another folder with --out, or print with --json.');
    const nobody = nobodyHas(identifier);
    const query = options.type ? `?type=${encodeURIComponent(options.type)}` : '';
    const at = `/v1/profiles/${encodeURIComponent(identifier)}`;
    const found = await (await callApi(endpoints, { path: `${at}/export${query}` }, nobody)).text();
    if (options.json) return terminal.print(found);
    const { profileId } = JSON.parse(found) as { readonly profileId: string };
    const page = await callApi(endpoints, { path: `/v1/profiles/${profileId}/export.html?type=profileId` }, nobody);
    const file = path.join(folder, `person-${profileId}`);
    // For its owner only: it is all that is known about somebody.
    await writeFile(`${file}.json`, `${found}\n`, { mode: 0o600 });
    await writeFile(`${file}.html`, await page.text(), { mode: 0o600 });
    terminal.print(`Written: ${file}.json\n         ${file}.html`);
  });
}
