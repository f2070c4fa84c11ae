import {
  createParamDecorator,
  ForbiddenException,
  Inject,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiKeys, bearerOf, mayDo, type ApiScope, type KeyHolder } from '@rapport/runtime';

const scopeKey = 'rapport.scope';

/** What a key needs for a handler or a whole controller. Without it: `read-profile` to GET, `write` for the rest. */
export const RequireScope = (scope: ApiScope) => SetMetadata(scopeKey, scope);

interface Request {
  readonly method: string;
  readonly headers: { readonly authorization?: string };
  keyHolder?: KeyHolder;
  /** Read by `actorOf`, for the audit. */
  apiKeyId?: string;
}

interface Reply {
  header(name: string, value: string): unknown;
}

/** Lets in who shows an API key with the scope that the handler needs: `Authorization: Bearer <key>`. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    @Inject(ApiKeys) private readonly keys: ApiKeys,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const key = bearerOf(request.headers.authorization);
    const holder = key === undefined ? undefined : await this.keys.holderOf(key);
    if (holder === undefined) throw this.unauthorized(context, key);
    const scope = this.scopeOf(context, request);
    if (!mayDo(holder, scope)) {
      throw new ForbiddenException(`This API key lacks the scope "${scope}"; it has ${holder.scopes.join(', ')}.`);
    }
    request.keyHolder = holder;
    request.apiKeyId = holder.apiKeyId;
    return true;
  }

  private scopeOf(context: ExecutionContext, { method }: Request): ApiScope {
    const said = this.reflector.getAllAndOverride<ApiScope | undefined>(scopeKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    return said ?? (method === 'GET' || method === 'HEAD' ? 'read-profile' : 'write');
  }

  private unauthorized(context: ExecutionContext, key: string | undefined): UnauthorizedException {
    context.switchToHttp().getResponse<Reply>().header('www-authenticate', 'Bearer realm="rapport"');
    return new UnauthorizedException(
      key === undefined
        ? 'Send the API key as "Authorization: Bearer <key>"; it stands in endpoints.json of the data folder.'
        : 'This API key is not known, or has expired; the one of this installation stands in endpoints.json of the data folder.',
    );
  }
}

/** The workspace that the caller's key opens; for handlers behind `ApiKeyGuard`. */
export const WorkspaceId = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => holderIn(context).workspaceId,
);

function holderIn(context: ExecutionContext): KeyHolder {
  const { keyHolder } = context.switchToHttp().getRequest<Request>();
  if (keyHolder === undefined) throw new UnauthorizedException();
  return keyHolder;
}
