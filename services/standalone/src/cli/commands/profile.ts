import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, unreachable, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { type Terminal } from '../terminal.js';

/** `rapport profile <identifier>`: the single customer view of one person, as the query API gives it. */
export function profileCommand(terminal: Terminal): Command {
  const command = new Command('profile')
    .description('show one person: traits, identifiers, orders, segments, last touchpoints')
    .argument('<identifier>', 'a user id, or type:value, for example email:ada@example.com')
    .option('--json', 'print JSON on one line');
  return withEndpointOptions(command).action(
    async (identifier: string, options: EndpointOptions & { readonly json?: boolean }) => {
      const profile = await fetchProfile(identifier, options);
      terminal.print(JSON.stringify(profile, null, options.json ? 0 : 2));
    },
  );
}

async function fetchProfile(identifier: string, options: EndpointOptions): Promise<unknown> {
  const { http, apiKey } = await readEndpoints(options);
  const response = await fetch(`${http}/v1/profiles/${encodeURIComponent(identifier)}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  }).catch((error: unknown) => {
    throw unreachable(http, error);
  });
  if (response.status === 404) {
    throw new CommandError(`No profile has the identifier ${identifier}.`, {
      hint: 'Give a user id as it was sent, or type:value, for example anonymousId:abc.',
    });
  }
  if (!response.ok) throw new CommandError(`The query API answered ${response.status}: ${await response.text()}`);
  return response.json();
}
