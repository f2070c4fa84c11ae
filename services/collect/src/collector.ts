import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { SuppressionList } from '@rapport/event-log';
import { parseJson, type AcceptedTouchpoint, type ParsedJson, type Rejection } from '@rapport/events';
import { plainIdentifiersIn, type IdentityRules } from '@rapport/identity';
import type { Platform, Source } from '@rapport/runtime';
import type { CollectMetrics } from './collect-metrics.js';
import { decodeRequest, rejectedWhole, type DecodedRequest, type RouteShape } from './decode-request.js';
import type { RejectedItem } from './http/answers.js';
import { edgeLimits } from './limits.js';
import { createApplyPlan, type ApplyPlan } from './tracking-plan/apply-plan.js';
import type { CheckPlan } from './tracking-plan/tracking-plan.js';
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

const atOnce = Promise.resolve();

/** A suppression counts for whatever is collected this long after it. */
const suppressionsMayBeOldMs = 1_000;

const suppressed: Rejection = {
  reason: 'suppressed',
  detail: 'an identifier of this event is on the suppression list; leave it out, or take it off the list first',
};

/** Puts what a request brought on the log, every event of it, in one durable append. */
export class Collector {
  private readonly writeToLog: WriteToLog;
  private readonly records: RecordMaker;
  private readonly suppressions: SuppressionList;
  /** The tracking plan as each source wants it applied. */
  private readonly plans = new Map<Source, ApplyPlan>();

  constructor(
    { vault, codec, eventLog, clock }: Pick<Platform, 'vault' | 'codec' | 'eventLog' | 'clock'>,
    private readonly metrics: CollectMetrics,
    private readonly checkPlan: CheckPlan,
    /** By which a suppressed person is known again. */
    private readonly identityRules: IdentityRules,
  ) {
    this.records = createRecordMaker(codec, vault);
    this.suppressions = new SuppressionList({ eventLog, codec, vault, clock });
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

  /**
   * Resolves once everything is durable; returns the events that were rejected, which are durable too. From here on there is
   * no async function on the way of an event: each would keep what was parsed alive until the disk has answered, and the
   * garbage collector would copy it.
   */
  collect(sender: Sender, body: JsonBody, shape: RouteShape): Promise<readonly RejectedItem[]> {
    const ready = this.suppressions.isAsOf(suppressionsMayBeOldMs) ? atOnce : this.refreshSuppressions();
    return ready.then(() => this.decodeAndStore(sender, body, shape));
  }

  private decodeAndStore(
    sender: Sender,
    { text, parsed }: JsonBody,
    shape: RouteShape,
  ): Promise<readonly RejectedItem[]> {
    const { receivedAt, ip, source } = sender;
    const refuse = (touchpoint: AcceptedTouchpoint) => this.refusalOf(source, touchpoint);
    const applyPlan = this.plans.get(source) ?? this.addPlan(source);
    const known = { receivedAt, ip, newMessageId: randomUUID, refuse, applyPlan };
    const request = decodeRequest(parsed, text, shape, known);
    const rejected = request.rejected.map(({ index, reason, detail }) => ({ index, reason, detail }));
    return this.store(sender, request).then(() => rejected);
  }

  /** Keeps a request that cannot be split into events, as it was sent. */
  async keepWhole(sender: Sender, rejection: Rejection, body: Buffer): Promise<void> {
    await this.store(sender, { accepted: [], rejected: [rejectedWhole(rejection, body)] });
  }

  /** While the log is away nothing can be accepted either, so what was known until then is new enough. */
  private async refreshSuppressions(): Promise<void> {
    try {
      await this.suppressions.refresh(suppressionsMayBeOldMs);
    } catch (error) {
      if (!this.suppressions.hasBeenRead) throw error;
    }
  }

  private refusalOf({ workspaceId }: Source, touchpoint: AcceptedTouchpoint): Rejection | undefined {
    if (this.suppressions.isEmpty) return undefined;
    const { content, imported } = touchpoint;
    const suppression = this.suppressions.find(
      workspaceId,
      plainIdentifiersIn(touchpoint, content, this.identityRules),
    );
    return suppression !== undefined && (imported || suppression.scope === 'everything') ? suppressed : undefined;
  }

  private addPlan(source: Source): ApplyPlan {
    const applyPlan = createApplyPlan(this.checkPlan, source.trackingPlan);
    this.plans.set(source, applyPlan);
    return applyPlan;
  }

  private store({ source, receivedAt }: Sender, { accepted, rejected }: DecodedRequest): Promise<void> {
    const records = accepted.map((touchpoint) => this.records.touchpoint(source, touchpoint));
    for (const one of rejected) records.push(...this.records.rejection(source, one, receivedAt));
    const count = accepted.length;
    const reasons = rejected.map(({ reason }) => reason);
    return this.writeToLog(records).then(() => this.metrics.stored(source, count, reasons));
  }
}

/** Broken sequences become lone surrogates, which mending turns into U+FFFD with a flag on the event they stand in. */
function withBrokenTextMarked(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\uFFFD', '\uD800');
}
