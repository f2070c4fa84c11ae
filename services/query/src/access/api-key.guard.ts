import { createHash, timingSafeEqual } from 'node:crypto';
import {
  createParamDecorator,
  Inject,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { PLATFORM, type Platform } from '@rapport/runtime';

/** The API key of an installation opens its default workspace. The workspace comes from the key, never from the request. */
const workspaceOfKey = 'default';

interface Request {
  readonly headers: { readonly authorization?: string };
  workspaceId?: string;
}

interface Reply {
  header(name: string, value: string): unknown;
}

/** Lets in who shows the API key: `Authorization: Bearer <key>`. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const key = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
    if (key !== undefined && isSame(key, this.platform.config.secrets.apiKey)) {
      request.workspaceId = workspaceOfKey;
      return true;
    }
    context.switchToHttp().getResponse<Reply>().header('www-authenticate', 'Bearer realm="rapport"');
    throw new UnauthorizedException(
      key === undefined
        ? 'Send the API key as "Authorization: Bearer <key>"; it stands in endpoints.json of the data folder.'
        : 'This API key is not known; the one of this installation stands in endpoints.json of the data folder.',
    );
  }
}

/** The workspace that the caller's key opens; for handlers behind `ApiKeyGuard`. */
export const WorkspaceId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { workspaceId } = context.switchToHttp().getRequest<Request>();
  if (workspaceId === undefined) throw new UnauthorizedException();
  return workspaceId;
});

/** In constant time, whatever the lengths. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
