import type { LogEventName, LogEvents } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import { finite, optionalTime, time, type Columns, type ColumnType, type Row } from './columns.js';

/** How one kind of event becomes a row, or several: the columns in order, and the cells. */
export type TableOf<N extends LogEventName> = {
  readonly table: string;
  readonly columns: Columns;
} & (
  | { readonly row: (event: LogEvents[N], record: LogRecord) => Row }
  | { readonly rows: (event: LogEvents[N], record: LogRecord) => readonly Row[] }
);

type TableEvents = Exclude<
  LogEventName,
  | 'touchpoint'
  | 'profile-touchpoint'
  | 'subject-key'
  | 'identity-decided'
  | 'suppression-recorded'
  | 'api-key-recorded'
  | 'erasure-requested'
  | 'erasure-completed'
  | 'audit-recorded'
>;

/** Columns that are no text. A name means the same in every table. */
const types: Readonly<Record<string, ColumnType>> = {
  timestamp: 'time',
  received_at: 'time',
  decided_at: 'time',
  computed_at: 'time',
  requested_at: 'time',
  due_at: 'time',
  fired_at: 'time',
  appended_at: 'time',
  imported: 'flag',
  value: 'float',
  components: 'floats',
  journey_version: 'uint32',
  log_partition: 'uint32',
  log_offset: 'uint64',
  sequence: 'uint64',
};
const columnsOf = (...columns: readonly (string | Columns[number])[]): Columns =>
  columns.map((column) => (typeof column === 'string' ? [column, types[column] ?? 'text'] : column));

const position = ['appended_at', 'log_partition', 'log_offset'];
const positionOf = (record: LogRecord): Row => [time(record.appendedAt), record.partition, record.offset];
const link = ['workspace_id', 'profile_id', 'identifier_type', 'identifier_hash'];
const identityColumns = columnsOf(
  ...['workspace_id', 'profile_id', 'survivor_id', 'sequence', 'reason', 'timestamp', 'message_id'],
  ...position,
);

/** Every event but touchpoints, which have to be opened first. */
export const tables: { readonly [N in TableEvents]: TableOf<N> } = {
  'profiles-merged': {
    table: 'identities',
    columns: identityColumns,
    rows: (e, record) =>
      e.profileIds.map((profileId) => [
        ...[e.workspaceId, profileId, e.survivorId, e.sequence, e.reason, time(e.timestamp), e.messageId],
        ...positionOf(record),
      ]),
  },
  'profiles-split': {
    table: 'identities',
    columns: identityColumns,
    rows: (e, record) =>
      e.profileIds.map((profileId) => [
        ...[e.workspaceId, profileId, e.profileId, e.sequence, e.reason, time(e.timestamp), e.causeId],
        ...positionOf(record),
      ]),
  },
  'identifier-linked': {
    table: 'identifiers',
    columns: columnsOf(...link, 'timestamp', 'message_id', ...position),
    row: (e, record) => [
      ...[e.workspaceId, e.profileId, e.identifierType, e.identifierHash, time(e.timestamp), e.messageId],
      ...positionOf(record),
    ],
  },
  'link-refused': {
    table: 'refused_links',
    columns: columnsOf(...link, 'reason', 'timestamp', 'message_id', ...position),
    row: (e, record) => [
      ...[e.workspaceId, e.profileId, e.identifierType, e.identifierHash, e.reason, time(e.timestamp), e.messageId],
      ...positionOf(record),
    ],
  },
  'rejected-touchpoint': {
    table: 'rejected_touchpoints',
    columns: columnsOf(
      ...['workspace_id', 'source_id', 'rejection_id', 'message_id', 'reason', 'detail'],
      ...['received_at', 'log_partition', 'log_offset'],
    ),
    row: (e, { partition, offset }) => [
      ...[e.workspaceId, e.sourceId, e.rejectionId, e.messageId ?? '', e.reason, e.detail],
      ...[time(e.receivedAt), partition, offset],
    ],
  },
  'consent-recorded': {
    table: 'consents',
    columns: columnsOf(
      ...['workspace_id', 'profile_id', 'lone_profile_id', 'purpose', 'channel', 'status', 'lawful_basis'],
      ...['source_id', 'text_version'],
      ['expires_at', 'optional-time'],
      ...['timestamp', 'received_at', 'message_id'],
      ['settles', 'texts'],
      ...position,
    ),
    row: (e, record) => [
      ...[e.workspaceId, e.profileId, e.loneProfileId, e.purpose, e.channel, e.status, e.lawfulBasis],
      ...[e.sourceId, e.textVersion ?? '', optionalTime(e.expiresAt), time(e.timestamp), time(e.receivedAt)],
      ...[e.messageId, e.settles],
      ...positionOf(record),
    ],
  },
  'preference-recorded': {
    table: 'preferences',
    columns: columnsOf(
      ...['workspace_id', 'profile_id', 'lone_profile_id', 'name'],
      ['value', 'text'],
      ...['source_id', 'timestamp', 'received_at', 'message_id'],
      ['settles', 'texts'],
      ...position,
    ),
    row: (e, record) => [
      ...[e.workspaceId, e.profileId, e.loneProfileId, e.name, e.value, e.sourceId, time(e.timestamp)],
      ...[time(e.receivedAt), e.messageId, e.settles],
      ...positionOf(record),
    ],
  },
  'membership-changed': {
    table: 'memberships',
    columns: columnsOf(
      ...['workspace_id', 'profile_id', 'segment_id', 'change', 'timestamp', 'decided_at', 'cause_id', 'imported'],
      ...position,
    ),
    row: (e, record) => [
      ...[
        e.workspaceId,
        e.profileId,
        e.segmentId,
        e.change,
        time(e.timestamp),
        time(e.decidedAt),
        e.causeId,
        e.imported,
      ],
      ...positionOf(record),
    ],
  },
  'lifecycle-changed': {
    table: 'lifecycle_changes',
    columns: columnsOf(
      ...['workspace_id', 'profile_id', 'from_stage', 'to_stage', 'reason', 'timestamp', 'decided_at', 'cause_id'],
      ...['imported', ...position],
    ),
    row: (e, record) => [
      ...[e.workspaceId, e.profileId, e.fromStage, e.toStage, e.reason, time(e.timestamp), time(e.decidedAt)],
      ...[e.causeId, e.imported, ...positionOf(record)],
    ],
  },
  'score-changed': {
    table: 'scores',
    columns: columnsOf(
      'workspace_id',
      'profile_id',
      'score_id',
      'value',
      'components',
      'computed_at',
      'cause_id',
      ...position,
    ),
    row: (e, record) => [
      ...[e.workspaceId, e.profileId, e.scoreId, finite(e.value), finiteComponents(e.components)],
      ...[time(e.computedAt), e.causeId],
      ...positionOf(record),
    ],
  },
  'journey-progressed': {
    table: 'journeys',
    columns: columnsOf(
      ...['workspace_id', 'profile_id', 'journey_id', 'journey_version', 'instance_id', 'kind', 'step_id', 'reason'],
      ['due_at', 'optional-time'],
      ...['timestamp', 'cause_id', ...position],
    ),
    row: (e, record) => [
      ...[e.workspaceId, e.profileId, e.journeyId, e.journeyVersion, e.instanceId, e.kind, e.stepId ?? ''],
      ...[e.reason ?? '', optionalTime(e.dueAt), time(e.timestamp), e.causeId],
      ...positionOf(record),
    ],
  },
  'delivery-requested': {
    table: 'delivery_requests',
    columns: columnsOf(
      ...[
        'workspace_id',
        'profile_id',
        'delivery_id',
        'channel',
        'template_id',
        'journey_id',
        'instance_id',
        'step_id',
      ],
      ...['requested_at', ...position],
    ),
    row: (e, record) => [
      ...[e.workspaceId, e.profileId, e.deliveryId, e.channel, e.templateId, e.journeyId, e.instanceId, e.stepId],
      ...[time(e.requestedAt), ...positionOf(record)],
    ],
  },
  'delivery-recorded': {
    table: 'deliveries',
    columns: columnsOf(
      ...['workspace_id', 'profile_id', 'delivery_id', 'channel', 'journey_id', 'instance_id', 'step_id', 'status'],
      ...['reason', 'timestamp', ...position],
    ),
    row: (e, record) => [
      ...[e.workspaceId, e.profileId, e.deliveryId, e.channel, e.journeyId, e.instanceId, e.stepId, e.status],
      ...[e.reason ?? '', time(e.timestamp), ...positionOf(record)],
    ],
  },
  'timer-fired': {
    table: 'timers',
    columns: columnsOf('workspace_id', 'owner', 'timer_id', 'profile_id', 'purpose', 'due_at', 'fired_at', ...position),
    row: (e, record) => [
      ...[e.workspaceId, e.owner, e.timerId, e.profileId ?? '', e.purpose, time(e.dueAt), time(e.firedAt)],
      ...positionOf(record),
    ],
  },
};

/** The rows of one event; most events have one. */
export function rowsOf<N extends TableEvents>(name: N, event: LogEvents[N], record: LogRecord): readonly Row[] {
  const of = tables[name];
  return 'rows' in of ? of.rows(event, record) : [of.row(event, record)];
}

function finiteComponents(components: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(components).map(([name, value]) => [name, finite(value)]));
}
