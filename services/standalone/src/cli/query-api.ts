import { CommandError } from './command-error.js';
import { unreachable } from './endpoints.js';
import { type Endpoints } from '../supervisor/endpoints.js';

export interface ApiCall {
  readonly method?: 'GET' | 'POST';
  /** With its query, as `/v1/...`. */
  readonly path: string;
  readonly body?: unknown;
}

/** Asks the query API. Errors: `CommandError` with what it said, 404 with `notFound` where one is given. */
export async function callApi(
  { http, apiKey }: Pick<Endpoints, 'http' | 'apiKey'>,
  { method = 'GET', path, body }: ApiCall,
  notFound?: CommandError,
): Promise<Response> {
  const response = await fetch(`${http}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw unreachable(http, error);
  });
  if (response.status === 404 && notFound) throw notFound;
  if (!response.ok) throw new CommandError(`The query API answered ${response.status}: ${await detailOf(response)}`);
  return response;
}

/** For a 404 on a person. */
export function nobodyHas(identifier: string): CommandError {
  return new CommandError(`No profile has the identifier ${identifier}.`, {
    hint:
      'Give it as it was sent (ids are told apart by upper and lower case), with its type where it has one of its own:\n' +
      'external:crm:42. What was just sent takes a moment.',
  });
}

async function detailOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : text;
  } catch {
    return text;
  }
}
