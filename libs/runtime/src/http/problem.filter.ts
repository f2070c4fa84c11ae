import {
  Catch,
  HttpException,
  HttpStatus,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { EventLogUnavailableError } from '@rapport/event-log';
import { isRetriablePostgresError } from '@rapport/profile-db';
import type { Logger } from 'pino';
import { describeError } from '../consumer/run-consumer.js';

interface Reply {
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: unknown): unknown;
}

/** Errors as `application/problem+json` (RFC 9457). An unexpected one says nothing about its cause to the caller. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<Reply>();
    const { status, body } = this.problem(error);
    if (status === HttpStatus.SERVICE_UNAVAILABLE) reply.header('retry-after', String(retryAfterSeconds));
    reply.status(status).header('content-type', 'application/problem+json').send(body);
  }

  private problem(error: unknown): { status: number; body: object } {
    if (isUnknownRoute(error)) {
      const status = HttpStatus.NOT_FOUND;
      return { status, body: { type: 'about:blank', title: titleOf(status), status, detail: unknownRoute } };
    }
    if (error instanceof HttpException) {
      const status = error.getStatus();
      const response = error.getResponse();
      const extra = typeof response === 'object' ? response : { detail: response };
      return { status, body: { type: 'about:blank', title: titleOf(status), status, ...withDetail(extra) } };
    }
    if (mayPass(error)) {
      this.logger.warn({ error: describeError(error) }, 'a part of Rapport does not answer');
      const status = HttpStatus.SERVICE_UNAVAILABLE;
      return { status, body: { type: 'about:blank', title: titleOf(status), status, detail: unanswered } };
    }
    const status = clientErrorStatus(error) ?? HttpStatus.INTERNAL_SERVER_ERROR;
    if (status >= 500) this.logger.error({ error: describeError(error) }, 'a request failed');
    return {
      status,
      body: { type: 'about:blank', title: titleOf(status), status, detail: status < 500 ? unreadable : failedInside },
    };
  }
}

/** What the router cannot take apart never comes to the filter. Its own words repeat the path, in which an identifier may stand. */
export function unreadablePath({ statusCode: status = HttpStatus.BAD_REQUEST }: { readonly statusCode?: number }): {
  readonly status: number;
  readonly body: object;
} {
  return { status, body: { type: 'about:blank', title: titleOf(status), status, detail: wrongPath } };
}

const wrongPath = 'The path cannot be read; URL-encode what stands in it, and make it shorter if it is long.';
const unanswered =
  'A database or the event log does not answer. Try again in a few seconds; /health/ready names the part.';
const retryAfterSeconds = 5;
const unreadable = 'The request cannot be read.';
const failedInside = 'This failed inside of Rapport; its log says why.';
const unknownRoute = 'There is no such route; /openapi.json lists those there are.';

function mayPass(error: unknown): boolean {
  return error instanceof EventLogUnavailableError || isRetriablePostgresError(error);
}

/** What the router says repeats the path, in which an identifier may stand. */
function isUnknownRoute(error: unknown): boolean {
  return error instanceof NotFoundException && /^Cannot [A-Z]+ \//.test(error.message);
}

/** Nest puts what a validator said into `message`; a problem calls it `detail`. */
function withDetail(response: object): object {
  const { message, statusCode: _statusCode, error: _error, ...rest } = response as Record<string, unknown>;
  const detail = Array.isArray(message) ? message.join('; ') : message;
  return detail === undefined ? rest : { detail, ...rest };
}

function clientErrorStatus(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

function titleOf(status: number): string {
  const name = HttpStatus[status] ?? 'Error';
  return name.charAt(0) + name.slice(1).toLowerCase().replaceAll('_', ' ');
}
