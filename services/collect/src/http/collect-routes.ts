import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { EventLogUnavailableError } from '@rapport/event-log';
import type { Rejection } from '@rapport/events';
import { describeError, type Operation, type Platform } from '@rapport/runtime';
import type { CollectMetrics } from '../collect-metrics.js';
import type { Collector, JsonBody, Sender } from '../collector.js';
import type { RouteShape } from '../decode-request.js';
import type { DiskReserve } from '../disk-reserve.js';
import { edgeLimits } from '../limits.js';
import type { FindSource } from '../source-registry.js';
import type { Admission } from './admission.js';
import { answerLater, answerRefused, answerStored } from './answers.js';
import { allowOrigin, answerPreflight } from './cors.js';
import { describeBatch, describePixel, describeSingle } from './describe.js';
import { batchPaths, importPaths, pixelPaths, singlePaths, typedPaths } from './paths.js';
import { pixelEvent, pixelGif } from './pixel.js';
import { readBody } from './read-body.js';
import { registerSettingsRoutes } from './settings-routes.js';
import { sourceOf, sourceOfHead } from './write-keys.js';

export interface RouteParts {
  readonly collector: Collector;
  readonly findSource: FindSource;
  readonly admission: Admission;
  readonly metrics: CollectMetrics;
  readonly platform: Pick<Platform, 'clock' | 'logger'>;
  /** None where the log is not on a disk of ours. */
  readonly disk: Pick<DiskReserve, 'isSpent'> | undefined;
}

/** Bytes a request is taken to have as long as it does not say; mobile SDKs send in chunks. */
const assumedBytes = 64 * 1024;
const busySeconds = 1;
/** Somebody has to free some space first. */
const diskFullSeconds = 30;

/**
 * The ingest routes as a Fastify plugin with a context of its own: no body parser but one that takes any content type as
 * bytes, so the parsers of the rest of the application stay as they are.
 */
export function collectRoutes(parts: RouteParts) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.setErrorHandler((error: FastifyError, _request, reply) => answerError(error, reply, parts));
    app.addHook('onRequest', (request, reply, done) => admit(request, reply, parts, done));
    const post = (path: string, handler: RouteHandlerMethod, openapi?: Operation): void => {
      app.post(path, { bodyLimit: edgeLimits.bodyBytes, config: openapi === undefined ? {} : { openapi } }, handler);
      app.options(path, answerPreflight);
    };
    const ingest =
      (shapeOf: (request: FastifyRequest) => RouteShape): RouteHandlerMethod =>
      async (request, reply) =>
        answerIngest(request, reply, shapeOf(request), parts);
    for (const [path, type] of singlePaths) {
      const shape = { batch: false, type, imported: false };
      const handler = ingest(() => shape);
      post(path, handler, describeSingle(type));
    }
    for (const [paths, imported] of [
      [batchPaths, false],
      [importPaths, true],
    ] as const) {
      const shape = { batch: true, type: undefined, imported };
      const handler = ingest(() => shape);
      for (const path of paths) post(path, handler, describeBatch(imported));
    }
    for (const path of typedPaths) post(path, ingest(typedShape), describeSingle(undefined));
    for (const path of pixelPaths) {
      const options = { exposeHeadRoute: false, config: { openapi: describePixel } };
      app.get(path, options, async (request, reply) => answerPixel(request, reply, parts));
    }
    registerSettingsRoutes(app, post, parts.findSource);
  };
}

function typedShape({ params }: FastifyRequest): RouteShape {
  return { batch: false, type: (params as { type: string }).type, imported: false };
}

function admit(request: FastifyRequest, reply: FastifyReply, parts: RouteParts, done: () => void): void {
  allowOrigin(request, reply);
  // Fastify would refuse a content type it cannot read, and SDKs send all sorts; the body is JSON whatever it says.
  request.raw.headers['content-type'] = undefined;
  const { admission, metrics } = parts;
  const bytes = declaredBytes(request);
  if (!admission.enter(bytes)) {
    metrics.refusedRequests.inc({ status: 429 });
    void answerLater(reply, busySeconds);
    return;
  }
  reply.raw.once('close', () => {
    admission.leave(bytes);
    metrics.duration.observe(reply.elapsedTime / 1000);
  });
  done();
}

function declaredBytes({ headers }: FastifyRequest): number {
  const length = headers['content-length'];
  if (length !== undefined) return Math.min(Number(length) || 0, edgeLimits.bodyBytes);
  return headers['transfer-encoding'] === undefined ? 0 : assumedBytes;
}

async function answerIngest(
  request: FastifyRequest,
  reply: FastifyReply,
  shape: RouteShape,
  parts: RouteParts,
): Promise<FastifyReply> {
  requireRoom(parts);
  const receivedAt = parts.platform.clock();
  const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const body = await readBody(sent, request.headers['content-encoding']);
  const json = 'bytes' in body ? parts.collector.read(body.bytes) : undefined;
  const source = sourceOfHead(request, parts.findSource) ?? sourceOf(json?.parsed.value, parts.findSource);
  if (json !== undefined && source === undefined) return refuse(reply, parts, 401, unknownWriteKey);
  const sender = source === undefined ? undefined : { source, receivedAt, ip: request.ip };
  if (json === undefined) return answerUnreadable(reply, parts, sender, sent, 'bytes' in body ? malformedJson : body);
  return collectWithin(reply, parts, sender as Sender, { json, shape, sentBytes: sent.length });
}

function requireRoom({ disk }: RouteParts): void {
  if (disk?.isSpent) throw new EventLogUnavailableError('the disk is full', { retryAfterSeconds: diskFullSeconds });
}

const unknownWriteKey = {
  reason: 'unknown-write-key',
  detail: 'no source has this write key; send one that deploy/definitions/sources declares',
};
const malformedJson: Rejection = {
  reason: 'malformed-json',
  detail: 'the body is not JSON; send one JSON object as UTF-8',
};

/** The inflated bytes count while they are in hand, as the compressed ones do. */
function collectWithin(
  reply: FastifyReply,
  parts: RouteParts,
  sender: Sender,
  { json, shape, sentBytes }: { readonly json: JsonBody; readonly shape: RouteShape; readonly sentBytes: number },
): Promise<FastifyReply> {
  const { admission, metrics } = parts;
  metrics.received(sender.source, json.text.length);
  const growth = Math.max(0, json.text.length - sentBytes);
  if (!admission.grow(growth)) {
    admission.grow(-growth);
    throw new EventLogUnavailableError('too much in hand', { retryAfterSeconds: busySeconds });
  }
  return parts.collector
    .collect(sender, json, shape)
    .then((rejected) => answerStored(reply, rejected))
    .finally(() => admission.grow(-growth));
}

/** What is not JSON, or does not decompress, is kept where its source is known: no sender gets a second chance. */
async function answerUnreadable(
  reply: FastifyReply,
  parts: RouteParts,
  sender: Sender | undefined,
  sent: Buffer,
  rejection: Rejection,
): Promise<FastifyReply> {
  if (sender !== undefined && sent.length > 0) await parts.collector.keepWhole(sender, rejection, sent);
  return refuse(reply, parts, rejection.reason === 'too-large' ? 413 : 400, rejection);
}

async function answerPixel(request: FastifyRequest, reply: FastifyReply, parts: RouteParts): Promise<FastifyReply> {
  requireRoom(parts);
  const bytes = Buffer.from(pixelEvent(request));
  const json = parts.collector.read(bytes);
  const source = sourceOfHead(request, parts.findSource) ?? sourceOf(json?.parsed.value, parts.findSource);
  if (source === undefined) return refuse(reply, parts, 401, unknownWriteKey);
  const sender = { source, receivedAt: parts.platform.clock(), ip: request.ip };
  if (json === undefined) return answerUnreadable(reply, parts, sender, bytes, malformedJson);
  await parts.collector.collect(sender, json, typedShape(request));
  return reply.header('content-type', 'image/gif').header('cache-control', 'no-store').send(pixelGif);
}

function refuse(
  reply: FastifyReply,
  { metrics }: RouteParts,
  status: number,
  { reason, detail }: { readonly reason: string; readonly detail: string },
): FastifyReply {
  metrics.refusedRequests.inc({ status });
  return answerRefused(reply, status, reason, detail);
}

function answerError(error: FastifyError, reply: FastifyReply, parts: RouteParts): FastifyReply {
  if (error instanceof EventLogUnavailableError) {
    parts.metrics.refusedRequests.inc({ status: 429 });
    return answerLater(reply, error.retryAfterSeconds);
  }
  const status = error.statusCode ?? 500;
  if (status === 413) {
    const detail = `larger than ${edgeLimits.bodyBytes} bytes; send smaller batches`;
    // Closed while the rest is still coming, the connection is reset, and the sender may never read the answer.
    if (Number(reply.request.headers['content-length']) <= edgeLimits.passedOverBytes) reply.removeHeader('connection');
    return refuse(reply, parts, 413, { reason: 'too-large', detail });
  }
  if (status >= 500) parts.platform.logger.error({ error: describeError(error) }, 'collecting failed');
  const detail = status >= 500 ? 'nothing of this request was kept; send it again' : error.message;
  return refuse(reply, parts, status, { reason: status >= 500 ? 'failed' : 'bad-request', detail });
}
