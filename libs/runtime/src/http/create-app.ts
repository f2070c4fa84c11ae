import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Platform } from '../platform/platform.js';

export type ServiceModule = Type | DynamicModule;

/**
 * The Nest application of one process: the given services over one platform, with health, metrics and `/openapi.json`.
 * Trailing slashes are ignored, never redirected, because clients that post data lose it on a redirect.
 */
export async function createApp(
  services: readonly ServiceModule[],
  platform: Platform,
): Promise<NestFastifyApplication> {
  // A third of all there is to load: a command that serves nothing starts without it.
  const { buildApp } = await import('./build-app.js');
  return buildApp(services, platform);
}
