import type { JsonObject } from '@rapport/events';
import { loadSql } from '@rapport/profile-db';
import type { Platform } from '@rapport/runtime';
import type { ExportedMessage } from './person-export.js';

const sql = loadSql(import.meta.url, 'read-messages');

interface MessageRow {
  readonly delivery_id: string;
  readonly channel: string;
  readonly template_id: string;
  readonly journey_id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly sent_at: number;
  readonly subject_id: string;
  readonly key_id: string | null;
  readonly message: Buffer | null;
}

/** The messages of the outbox that were meant for the person, opened. */
export async function readMessages(
  { postgres, vault }: Pick<Platform, 'postgres' | 'vault'>,
  workspaceId: string,
  profileIds: readonly string[],
): Promise<readonly ExportedMessage[]> {
  const { rows } = await postgres.query<MessageRow>(sql, [workspaceId, profileIds]);
  return Promise.all(
    rows.map(async (row): Promise<ExportedMessage> => {
      const { subject_id: subjectId, key_id: keyId, delivery_id: deliveryId, message: bytes } = row;
      const opened =
        keyId === null || bytes === null
          ? undefined
          : (await vault.open([{ workspaceId, subjectId, keyId, boundTo: deliveryId, bytes }]))[0];
      return {
        deliveryId,
        channel: row.channel,
        status: row.status,
        reason: row.reason,
        journeyId: row.journey_id,
        templateId: row.template_id,
        sentAt: new Date(row.sent_at).toISOString(),
        // Written by the outbox and authenticated by the seal, so its shape is known.
        message: opened === undefined ? null : (JSON.parse(opened.toString('utf8')) as JsonObject),
      };
    }),
  );
}
