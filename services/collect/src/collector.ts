import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { parseJson, type ParsedJson, type Rejection } from '@rapport/events';
import type { Platform, Source } from '@rapport/runtime';
import type { CollectMetrics } from './collect-metrics.js';
import { decodeRequest, rejectedWhole, type DecodedRequest, type RouteShape } from './decode-request.js';
import type { RejectedItem } from './http/answers.js';
import { edgeLimits } from './limits.js';
import { createLogWriter, type WriteToLog } from './write/log-writer.js';
import { createRecordMaker, type RecordMaker } from './write/record-maker.js';

/** A body that was read as JSON. */
export interface JsonBody {
  readonly text: string;
  readonly parsed: ParsedJson;
}

export interface Sender {
  readonly source: Source;
  readonly receivedAt: number;
  readonly ip: string | undefined;
}

/** Puts what a request brought on the log, every event of it, in one durable append. */
export class Collector {
  private readonly writeToLog: WriteToLog;
  private readonly records: RecordMaker;

  constructor(
    { vault, codec, eventLog, clock }: Pick<Platform, 'vault' | 'codec' | 'eventLog' | 'clock'>,
    private readonly metrics: CollectMetrics,
  ) {
    this.records = createRecordMaker(codec, vault);
    this.writeToLog = createLogWriter({ vault, eventLog, clock, patienceMs: edgeLimits.patienceMs });
  }

  /** `undefined` when the bytes are not JSON. */
  read(bytes: Buffer): JsonBody | undefined {
    const wellFormed = isUtf8(bytes);
    const text = wellFormed ? bytes.toString('utf8') : withBrokenTextMarked(bytes);
    const parsed = parseJson(text);
    if (parsed === undefined) return undefined;
    return { text, parsed: wellFormed ? parsed : { ...parsed, mayNeedMending: true } };
  }

  /** Resolves once everything is durable; returns the events that were rejected, which are durable too. */
  async collect(sender: Sender, { text, parsed }: JsonBody, shape: RouteShape): Promise<readonly RejectedItem[]> {
    const { receivedAt, ip } = sender;
    const request = decodeRequest(parsed, text, shape, { receivedAt, ip, newMessageId: randomUUID });
    await this.store(sender, request);
    return request.rejected.map(({ index, reason, detail }) => ({ index, reason, detail }));
  }

  /** Keeps a request that cannot be split into events, as it was sent. */
  async keepWhole(sender: Sender, rejection: Rejection, body: Buffer): Promise<void> {
    await this.store(sender, { accepted: [], rejected: [rejectedWhole(rejection, body)] });
  }

  private async store({ source, receivedAt }: Sender, { accepted, rejected }: DecodedRequest): Promise<void> {
    const records = accepted.map((touchpoint) => this.records.touchpoint(source, touchpoint));
    for (const one of rejected) records.push(...this.records.rejection(source, one, receivedAt));
    await this.writeToLog(records);
    const labels = { workspace: source.workspaceId, source: source.id };
    this.metrics.accepted.inc(labels, accepted.length);
    for (const { reason } of rejected) this.metrics.rejected.inc({ ...labels, reason });
  }
}

/** Broken sequences become lone surrogates, which mending turns into U+FFFD with a flag on the event they stand in. */
function withBrokenTextMarked(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\uFFFD', '\uD800');
}
