import type { FastifyRequest } from 'fastify';
import type { Source } from '@rapport/runtime';

/** What Segment's browser and mobile SDKs ask for before they start; it points them at the collector they asked. */
export function segmentSettings(request: FastifyRequest, writeKey: string): object {
  const host = request.host;
  return {
    integrations: {
      'Segment.io': { apiKey: writeKey, apiHost: `${host}/v1`, protocol: request.protocol, type: 'browser' },
    },
    plan: {},
    edgeFunction: {},
    middlewareSettings: {},
    enabledMiddleware: {},
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  };
}

/** What RudderStack's SDKs ask for before they start: a source without destinations. */
export function rudderSourceConfig(source: Source, writeKey: string): object {
  return {
    source: {
      id: source.id,
      name: source.name,
      enabled: true,
      writeKey,
      workspaceId: source.workspaceId,
      config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
      connections: [],
      destinations: [],
    },
    updatedAt: '1970-01-01T00:00:00.000Z',
  };
}
