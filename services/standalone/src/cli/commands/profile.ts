import type { ProfileDto } from '@rapport/service-query';
import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { profilePage } from '../profile-page.js';
import { callApi } from '../query-api.js';
import { type Terminal } from '../terminal.js';

interface ProfileOptions extends EndpointOptions {
  readonly type?: string;
  readonly json?: boolean;
}

/** `rapport profile <identifier>`: the single customer view of one person, as the query API gives it. */
export function profileCommand(terminal: Terminal): Command {
  const command = new Command('profile')
    .description('show one person: traits, stage, relationship, orders, segments, last touchpoints')
    .argument('<identifier>', 'a profile id, user id, anonymous id, e-mail address or any other identifier')
    .option('--type <type>', 'look among identifiers of this type only, for example email')
    .option('--json', 'print JSON on one line');
  return withEndpointOptions(command).action(async (identifier: string, options: ProfileOptions) => {
    const profile = await fetchProfile(identifier, options);
    terminal.print(options.json ? JSON.stringify(profile) : profilePage(profile));
  });
}

async function fetchProfile(identifier: string, options: ProfileOptions): Promise<ProfileDto> {
  const query = options.type ? `?type=${encodeURIComponent(options.type)}` : '';
  const nobody = new CommandError(`No profile has the identifier ${identifier}.`, {
    hint: 'Give the id as it was sent; identifiers are told apart by upper and lower case.',
  });
  const path = `/v1/profiles/${encodeURIComponent(identifier)}${query}`;
  const response = await callApi(await readEndpoints(options), { path }, nobody);
  return (await response.json()) as ProfileDto;
}
