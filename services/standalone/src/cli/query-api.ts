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

async function detailOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : text;
  } catch {
    return text;
  }
}
