import { createHmac } from 'node:crypto';

export const defaultWorkspace = 'default';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * The ClickHouse user that asks for one workspace. The default workspace has the analyst of the installation; each other
 * one has a user of its own, `<analyst>_<workspace>`, whose password follows from the installation's, so that every process
 * knows it and none keeps it.
 */
export function analystOf(analyst: Credentials, workspaceId: string): Credentials {
  if (workspaceId === defaultWorkspace) return analyst;
  const password = createHmac('sha256', analyst.password).update(`analyst/${workspaceId}`).digest('base64url');
  return { username: `${analyst.username}_${workspaceId}`, password };
}
