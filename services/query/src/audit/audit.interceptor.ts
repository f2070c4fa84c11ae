import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { PLATFORM, type AuditEntry, type KeyHolder, type Platform } from '@rapport/runtime';
import { catchError, concatMap, from, map, of, throwError, type Observable } from 'rxjs';
import { actorOf } from '../access/actor.js';

interface Request {
  readonly method: string;
  readonly headers: { readonly authorization?: string };
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly routeOptions: { readonly url?: string };
  /** Set by `ApiKeyGuard`. */
  readonly keyHolder?: Pick<KeyHolder, 'workspaceId'>;
}

/** Asked again and again by whoever waits; says nothing about a person. */
const polled = /^GET .*\/v1\/erasures\//;

/**
 * Notes who changed or read what, for every route that a key opened. The route stands there as its pattern and the
 * identifier by its keyed hash, so that nothing personal gets into the audit log. A change is answered once its entry is
 * durable; an entry about a read follows within a second.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const workspaceId = request.keyHolder?.workspaceId;
    const action = `${request.method} ${request.routeOptions.url ?? ''}`;
    if (workspaceId === undefined || polled.test(action)) return next.handle();
    const entry = (result: unknown, outcome: string): AuditEntry => ({
      workspaceId,
      actor: actorOf(request),
      action,
      target: targetOf(result, request.params),
      details: { outcome, ...this.identifierIn(request, workspaceId) },
    });
    return next.handle().pipe(
      concatMap((result) => from(this.keep(request.method, entry(result, 'done'))).pipe(map(() => result))),
      catchError((error: unknown) => {
        const status = (error as { status?: unknown } | null)?.status;
        const failed = entry(undefined, typeof status === 'number' ? String(status) : 'failed');
        return from(this.keep(request.method, failed)).pipe(
          catchError(() => of(undefined)),
          concatMap(() => throwError(() => error)),
        );
      }),
    );
  }

  private async keep(method: string, entry: AuditEntry): Promise<void> {
    if (method === 'GET' || method === 'HEAD') this.platform.audit.note(entry);
    else await this.platform.audit.record(entry);
  }

  private identifierIn({ params, body }: Request, workspaceId: string): Readonly<Record<string, string>> {
    const identifier = params['identifier'] ?? (body as { identifier?: unknown } | null | undefined)?.identifier;
    if (typeof identifier !== 'string') return {};
    return { identifierHash: this.platform.vault.hash(workspaceId, 'audit', identifier) };
  }
}

/** Ids that Rapport made itself; never what the caller sent as an identifier. */
function targetOf(result: unknown, params: Request['params']): string {
  const { profileId, erasureId, decisionId } = (typeof result === 'object' && result !== null ? result : {}) as Record<
    string,
    unknown
  >;
  return [erasureId, profileId, decisionId, params['erasureId']].find((id) => typeof id === 'string') ?? '';
}
