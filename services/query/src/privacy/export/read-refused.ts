import type { LogEvents } from '@rapport/events';
import type { Platform } from '@rapport/runtime';
import { scanTopic } from '../stores/scan-topic.js';
import type { ExportedRefusal } from './person-export.js';

type Parts = Pick<Platform, 'eventLog' | 'codec' | 'vault'>;
type Refusal = LogEvents['rejected-touchpoint'];

const openAtOnce = 200;

/** What was refused of the person and is kept, as it was sent. */
export async function readRefused(
  parts: Parts,
  workspaceId: string,
  subjectIds: readonly string[],
): Promise<readonly ExportedRefusal[]> {
  const subjects = new Set(subjectIds);
  const refused: Refusal[] = [];
  for await (const event of scanTopic(parts, 'rejected-touchpoints')) {
    if (event?.name !== 'rejected-touchpoint') continue;
    const { value } = event;
    if (value.workspaceId === workspaceId && subjects.has(value.subjectId)) refused.push(value);
  }
  const exported: ExportedRefusal[] = [];
  for (let first = 0; first < refused.length; first += openAtOnce) {
    exported.push(...(await opened(parts, refused.slice(first, first + openAtOnce))));
  }
  return exported.sort((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt));
}

async function opened({ vault }: Parts, refused: readonly Refusal[]): Promise<readonly ExportedRefusal[]> {
  const bodies = await vault.open(
    refused.map(({ workspaceId, subjectId, keyId, rejectionId, body }) => ({
      ...{ workspaceId, subjectId, keyId },
      boundTo: rejectionId,
      bytes: body,
    })),
  );
  return refused.map(({ rejectionId, sourceId, reason, detail, receivedAt }, index) => ({
    ...{ rejectionId, sourceId, reason, detail },
    receivedAt: new Date(receivedAt).toISOString(),
    body: bodies[index]?.toString('utf8') ?? null,
  }));
}
