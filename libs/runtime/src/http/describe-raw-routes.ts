import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

/** An operation of the OpenAPI document, of a route that is no Nest controller's. */
export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How `/openapi.json` describes this route; without it the route is left out. */
    openapi?: Operation;
  }
}

/** Adds to the document every Fastify route registered from now on that says what it is. */
export function describeRawRoutes(app: FastifyInstance, document: OpenAPIObject): void {
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.openapi === undefined) return;
    const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name!);
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    const parameters = names.map((name) => ({
      name,
      in: 'path' as const,
      required: true,
      schema: { type: 'string' as const },
    }));
    const described = { ...config.openapi, parameters: [...parameters, ...(config.openapi.parameters ?? [])] };
    for (const verb of [method].flat()) {
      document.paths[path] = { ...document.paths[path], [verb.toLowerCase()]: described };
    }
  });
}
