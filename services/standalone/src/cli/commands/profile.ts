import type { ProfileDto } from '@rapport/service-query';
import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { profilePage } from '../profile-page.js';
import { callApi, nobodyHas } from '../query-api.js';
import { type Terminal } from '../terminal.js';

interface ProfileOptions extends EndpointOptions {
  readonly type?: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

/** `rapport profile <identifier>`: the single customer view of one person, as the query API gives it. */
export function profileCommand(terminal: Terminal): Command {
  const command = new Command('profile')
    .description('show one person: traits, stage, relationship, orders, segments, last touchpoints')
    .argument('<identifier>', 'any identifier: an id, email:ada@example.com, external:crm:42, or the profile id')
    .option('--type <type>', 'look among identifiers of this type only, for example email')
    .option('--as-of <time>', 'as it stood then, rebuilt from the log, for example 2026-01-31 or 2026-01-31T12:00:00Z')
    .option('--json', 'print JSON on one line');
  return withEndpointOptions(command).action(async (identifier: string, options: ProfileOptions) => {
    const profile = await fetchProfile(identifier, options);
    terminal.print(options.json ? JSON.stringify(profile) : profilePage(profile));
  });
}

async function fetchProfile(identifier: string, options: ProfileOptions): Promise<ProfileDto> {
  const { type, asOf } = options;
  const query = new URLSearchParams({ ...(type && { type }), ...(asOf && { asOf }) });
  const path = `/v1/profiles/${encodeURIComponent(identifier)}${query.size > 0 ? `?${query}` : ''}`;
  const response = await callApi(
    await readEndpoints(options),
    { path },
    asOf ? unknownThen(identifier, asOf) : nobodyHas(identifier),
  );
  return (await response.json()) as ProfileDto;
}

function unknownThen(identifier: string, asOf: string): CommandError {
  return new CommandError(`Nothing was known of ${identifier} at ${asOf}.`, {
    hint: 'What counts is when Rapport received it. Without --as-of the profile is shown as it stands now.',
  });
}
