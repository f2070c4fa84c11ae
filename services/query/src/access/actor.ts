import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

interface Request {
  readonly headers: { readonly authorization?: string };
  /** Set by the guard where keys have ids. */
  readonly apiKeyId?: string;
}

/** Who asks, for the audit log: an API key by its id or a fingerprint, never the key itself. */
export function actorOf({ headers, apiKeyId }: Request): string {
  if (apiKeyId !== undefined) return `api-key:${apiKeyId}`;
  const key = /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return `api-key:${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

export const Actor = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  actorOf(context.switchToHttp().getRequest<Request>()),
);
