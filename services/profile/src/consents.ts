import { profileIdOf, type OpenedTouchpoint } from '@rapport/events';
import type { LogRecord, SubjectVault } from '@rapport/event-log';
import {
  consentChangeOf,
  consentEvents,
  preferenceChangesOf,
  settling,
  storableJson,
  type ConsentChange,
  type PreferenceChange,
} from '@rapport/profile';
import { loadSql } from '@rapport/profile-db';
import type { Output } from '@rapport/runtime';
import type { PoolClient } from 'pg';

const record = loadSql(import.meta.url, 'record-consents');

export interface ReadTouchpoint {
  readonly record: LogRecord;
  readonly touchpoint: OpenedTouchpoint;
}

/**
 * A statement made under several identifiers at once also overrides what was said before under each of them alone: who
 * logs in and agrees has answered the banner that the browser had refused.
 */
export function settlingOwn(touchpoint: OpenedTouchpoint, vault: Pick<SubjectVault, 'hash'>): OpenedTouchpoint {
  const { workspaceId, content, loneProfileId } = touchpoint;
  if (!content || !saysConsent(touchpoint)) return touchpoint;
  const identifiers = [
    ['userId', content.userId],
    ['anonymousId', content.anonymousId],
  ] as const;
  const others = identifiers
    .flatMap(([type, value]) =>
      value === undefined ? [] : [profileIdOf(workspaceId, type, vault.hash(workspaceId, type, value))],
    )
    .filter((id) => id !== loneProfileId);
  return settling(touchpoint, others);
}

/** Under the profile the touchpoint came with: who that is by now, each reader finds out for itself. */
export function consentOutputs({ record: causedBy, touchpoint }: ReadTouchpoint): readonly Output[] {
  const { consent, preferences } = changesOf(touchpoint);
  const { workspaceId, profileId, loneProfileId, sourceId, timestamp, receivedAt, messageId } = touchpoint;
  const { logPartition, logOffset } = touchpoint;
  const about = { workspaceId, profileId, loneProfileId, sourceId, timestamp, receivedAt, messageId };
  const said = { ...about, logPartition, logOffset };
  const topic = 'consents';
  const outputs: Output[] = consent.map((change) => {
    return { topic, name: 'consent-recorded', key: profileId, value: { ...said, ...change }, causedBy };
  });
  for (const change of preferences) {
    outputs.push({ topic, name: 'preference-recorded', key: profileId, value: { ...said, ...change }, causedBy });
  }
  return outputs;
}

export function saysConsent({ event }: OpenedTouchpoint): boolean {
  return event !== null && consentEvents.has(event);
}

/** Keeps every statement whole, under the lone profile that made it. Doing it again changes nothing. */
export async function recordConsents(tx: PoolClient, read: readonly ReadTouchpoint[]): Promise<void> {
  const rows = read.flatMap(({ touchpoint }) => rowsOf(touchpoint));
  if (rows.length > 0) await tx.query(record, [storableJson(rows)]);
}

function changesOf(touchpoint: OpenedTouchpoint): {
  readonly consent: readonly ConsentChange[];
  readonly preferences: readonly PreferenceChange[];
} {
  if (!saysConsent(touchpoint)) return { consent: [], preferences: [] };
  const consent = consentChangeOf(touchpoint);
  return { consent: consent === undefined ? [] : [consent], preferences: preferenceChangesOf(touchpoint) };
}

function rowsOf(touchpoint: OpenedTouchpoint): readonly object[] {
  const { consent, preferences } = changesOf(touchpoint);
  if (consent.length === 0 && preferences.length === 0) return [];
  const about = {
    workspace_id: touchpoint.workspaceId,
    lone_profile_id: touchpoint.loneProfileId,
    log_partition: touchpoint.logPartition,
    log_offset: touchpoint.logOffset,
    source_id: touchpoint.sourceId,
    said_at: touchpoint.timestamp,
    received_at: touchpoint.receivedAt,
    message_id: touchpoint.messageId,
  };
  return [
    ...consent.map(({ lawfulBasis, textVersion, expiresAt, ...change }) => ({
      ...about,
      ...change,
      kind: 'consent',
      lawful_basis: lawfulBasis,
      text_version: textVersion,
      expires_at: expiresAt,
    })),
    ...preferences.map(({ name, value, settles }) => ({
      ...about,
      kind: 'preference',
      purpose: name,
      channel: 'all',
      status: value,
      settles,
    })),
  ];
}
