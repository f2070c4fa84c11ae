import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { FindSource } from '../source-registry.js';
import { answerRefused, answerStored, sendJson } from './answers.js';
import { answerPreflight } from './cors.js';
import { discardedPaths, rudderSettingsPaths, segmentSettingsPaths } from './paths.js';
import { rudderSourceConfig, segmentSettings } from './sdk-settings.js';
import { sourceOfHead } from './write-keys.js';

/** What SDKs ask for before they send anything, and what they report about themselves. */
export function registerSettingsRoutes(
  app: FastifyInstance,
  post: (path: string, handler: RouteHandlerMethod) => void,
  findSource: FindSource,
): void {
  for (const path of discardedPaths) post(path, async (_request, reply) => answerStored(reply, []));
  for (const path of segmentSettingsPaths) {
    app.options(path, answerPreflight);
    app.get(path, async (request, reply) => {
      const { writeKey } = request.params as { writeKey: string };
      if (findSource(writeKey) === undefined) return answerUnknown(reply);
      return sendJson(reply, 200, JSON.stringify(segmentSettings(request, writeKey)));
    });
  }
  for (const path of rudderSettingsPaths) {
    app.options(path, answerPreflight);
    app.get(path, async (request, reply) => {
      const source = sourceOfHead(request, findSource);
      if (source === undefined) return answerUnknown(reply);
      return sendJson(reply, 200, JSON.stringify(rudderSourceConfig(source, keyOf(request))));
    });
  }
}

function keyOf({ query }: FastifyRequest): string {
  const { writeKey } = query as { writeKey?: unknown };
  return typeof writeKey === 'string' ? writeKey : '';
}

function answerUnknown(reply: FastifyReply): FastifyReply {
  const detail = 'no source has this write key; ask with one that deploy/definitions/sources declares';
  return answerRefused(reply, 404, 'unknown-write-key', detail);
}
