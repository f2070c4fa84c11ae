import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { collectLimits } from '@rapport/events';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PlatformModule } from '../platform/platform.module.js';
import type { Platform } from '../platform/platform.js';
import type { ServiceModule } from './create-app.js';
import { describeRawRoutes } from './describe-raw-routes.js';
import { ApiKeysModule } from '../access/api-keys.module.js';
import { OperationsController } from './operations.controller.js';
import { ProblemFilter, unreadablePath } from './problem.filter.js';

@Module({ controllers: [OperationsController] })
class OperationsModule {}

class RootModule {}

/** See `createApp`. */
export async function buildApp(
  services: readonly ServiceModule[],
  platform: Platform,
): Promise<NestFastifyApplication> {
  const root: DynamicModule = {
    module: RootModule,
    imports: [PlatformModule.for(platform), ApiKeysModule, OperationsModule, ...services],
  };
  const adapter = new FastifyAdapter({
    bodyLimit: 4 * 1024 * 1024,
    requestTimeout: 30_000,
    // Any identifier that the collector takes can be asked for, with its type before it; nine characters write one of them.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 10 * collectLimits.identifierCharacters },
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      const { status, body } = unreadablePath(error);
      void reply.status(status).header('content-type', 'application/problem+json').send(body);
    },
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: false, abortOnError: false });
  app.useGlobalFilters(new ProblemFilter(platform.logger));
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('Rapport')
      .setDescription('An event-sourced customer data platform')
      .setVersion('0.1.0')
      .addBearerAuth()
      .addSecurity('writeKey', {
        type: 'http',
        scheme: 'basic',
        description: 'The write key of a source as the user name',
      })
      .build(),
  );
  describeRawRoutes(adapter.getInstance(), document);
  adapter.getInstance().get('/openapi.json', () => document);
  return app;
}
