import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { SchemaCatalog } from '@rapport/event-log';
import { PLATFORM, type Platform } from '@rapport/runtime';
import type { FastifyInstance } from 'fastify';
import { registryMediaType } from './media-type.js';
import { SchemaRegistryController } from './schema-registry.controller.js';
import { SchemaRegistry } from './schema-registry.js';

@Module({
  controllers: [SchemaRegistryController],
  providers: [
    {
      provide: SchemaRegistry,
      useFactory: (platform: Platform) => new SchemaRegistry(SchemaCatalog.load(platform.config.schemasDir)),
      inject: [PLATFORM],
    },
  ],
})
export class SchemaRegistryModule implements OnModuleInit {
  constructor(@Inject(HttpAdapterHost) private readonly http: HttpAdapterHost) {}

  /** Fastify knows `application/json` only; clients of a registry post its own media type. */
  onModuleInit(): void {
    const fastify = this.http.httpAdapter.getInstance<FastifyInstance>();
    if (fastify.hasContentTypeParser(registryMediaType)) return;
    fastify.addContentTypeParser(
      registryMediaType,
      { parseAs: 'string' },
      fastify.getDefaultJsonParser('remove', 'remove'),
    );
  }
}
