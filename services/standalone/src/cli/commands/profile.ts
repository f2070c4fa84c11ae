import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, unreachable, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { type Terminal } from '../terminal.js';

interface ProfileOptions extends EndpointOptions {
  readonly type?: string;
  readonly json?: boolean;
}

/** `rapport profile <identifier>`: the single customer view of one person, as the query API gives it. */
export function profileCommand(terminal: Terminal): Command {
  const command = new Command('profile')
    .description('show one person: traits, identifiers, orders, segments, last touchpoints')
    .argument('<identifier>', 'a profile id, user id, anonymous id or e-mail address')
    .option('--type <type>', 'look among identifiers of this type only, for example email')
    .option('--json', 'print JSON on one line');
  return withEndpointOptions(command).action(async (identifier: string, options: ProfileOptions) => {
    const profile = await fetchProfile(identifier, options);
    terminal.print(JSON.stringify(profile, null, options.json ? 0 : 2));
  });
}

async function fetchProfile(identifier: string, options: ProfileOptions): Promise<unknown> {
  const { http, apiKey } = await readEndpoints(options);
  const query = options.type ? `?type=${encodeURIComponent(options.type)}` : '';
  const response = await fetch(`${http}/v1/profiles/${encodeURIComponent(identifier)}${query}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  }).catch((error: unknown) => {
    throw unreachable(http, error);
  });
  if (response.status === 404) {
    throw new CommandError(`No profile has the identifier ${identifier}.`, {
      hint: 'Give the id as it was sent; identifiers are told apart by upper and lower case.',
    });
  }
  if (!response.ok) throw new CommandError(`The query API answered ${response.status}: ${await response.text()}`);
  return response.json();
}
