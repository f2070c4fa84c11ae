import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { registryMediaType } from './media-type.js';
import { RegistryError } from './registry-error.js';

/** Errors in the form clients of a schema registry know, not as problems. */
@Catch(RegistryError)
export class RegistryErrorFilter implements ExceptionFilter {
  catch(error: RegistryError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const body = { error_code: error.errorCode, message: error.message };
    void reply.status(error.status).header('content-type', registryMediaType).send(body);
  }
}
