import type { ConsentRecorded, PreferenceRecorded, ProfileTouchpoint } from '@rapport/events';
import type { LogRecord, SubjectVault } from '@rapport/event-log';
import type { JourneyInput } from '@rapport/journeys';
import { movedBy, type LoneKey, type ProfilesMovedByEvent } from '@rapport/profile-db';
import type { InputRecord } from '@rapport/runtime';
import { contactFrom, type Contact } from './contact.js';

/** What a record means to the journeys of a person. */
export type Stimulus = { readonly record: LogRecord } & (
  | { readonly kind: 'input'; readonly key: LoneKey; readonly input: JourneyInput }
  | { readonly kind: 'contact'; readonly key: LoneKey; readonly contact: Contact }
  | { readonly kind: 'move'; readonly move: ProfilesMovedByEvent }
);

/** What the journeys in use ask for; everything else is passed over without being opened or looked up. */
export interface Interests {
  readonly events: ReadonlySet<string>;
  readonly segments: ReadonlySet<string>;
}

export async function stimuliOf(
  batch: readonly InputRecord[],
  interests: Interests,
  vault: SubjectVault,
): Promise<readonly Stimulus[]> {
  const contacts = await contactsOf(batch, vault);
  return batch.flatMap((input) => contacts.get(input.record) ?? stimulusOf(input, interests) ?? []);
}

async function contactsOf(
  batch: readonly InputRecord[],
  vault: SubjectVault,
): Promise<ReadonlyMap<LogRecord, Stimulus>> {
  const found: { readonly record: LogRecord; readonly sealed: ProfileTouchpoint }[] = [];
  for (const { record, event } of batch) {
    if (event.name === 'profile-touchpoint' && event.value.type === 'identify')
      found.push({ record, sealed: event.value });
  }
  const contacts = new Map<LogRecord, Stimulus>();
  if (found.length === 0) return contacts;
  const opened = await vault.openTouchpoints(found.map(({ sealed }) => sealed));
  found.forEach(({ record, sealed }, i) => {
    const touchpoint = opened[i];
    const contact = touchpoint && contactFrom(sealed, touchpoint);
    if (contact) contacts.set(record, { record, kind: 'contact', key: loneKeyOf(sealed), contact });
  });
  return contacts;
}

function stimulusOf({ record, event }: InputRecord, { events, segments }: Interests): Stimulus | undefined {
  switch (event.name) {
    case 'profile-touchpoint': {
      const { type, event: name, profileId, timestamp, receivedAt, messageId, imported } = event.value;
      if (type !== 'track' || name === null || !events.has(name)) return undefined;
      const input = { kind: 'performed', profileId, event: name, timestamp, receivedAt, messageId, imported } as const;
      return { record, kind: 'input', key: loneKeyOf(event.value), input };
    }
    case 'membership-changed': {
      const { workspaceId, profileId, segmentId, change, timestamp, decidedAt, causeId, imported, rearranged } =
        event.value;
      if (change !== 'entered' || !segments.has(segmentId)) return undefined;
      const about = { profileId, segmentId, timestamp, decidedAt, causeId, imported, rearranged };
      return { record, kind: 'input', key: { workspaceId, profileId }, input: { kind: 'segment-entered', ...about } };
    }
    case 'consent-recorded': {
      const { loneProfileId, purpose, channel, status, lawfulBasis } = event.value;
      const { textVersion, expiresAt, settles } = event.value;
      const said = { loneProfileId, purpose, channel, status, lawfulBasis, textVersion, expiresAt, settles };
      const input = { kind: 'consent-recorded', consent: { ...said, at: saidAt(event.value) } } as const;
      return { record, kind: 'input', key: loneKeyOf(event.value), input };
    }
    case 'preference-recorded': {
      const { loneProfileId, name, value, settles } = event.value;
      const preference = { loneProfileId, name, value, settles, at: saidAt(event.value) };
      return { record, kind: 'input', key: loneKeyOf(event.value), input: { kind: 'preference-recorded', preference } };
    }
    case 'profiles-merged':
    case 'profiles-split':
      return { record, kind: 'move', move: movedBy(event, record.appendedAt) };
    case 'timer-fired': {
      const { workspaceId, profileId, owner, timerId, dueAt, firedAt } = event.value;
      if (owner !== 'orchestrate' || profileId === null) return undefined;
      const input = { kind: 'timer-fired', timerId, dueAt, firedAt } as const;
      return { record, kind: 'input', key: { workspaceId, profileId }, input };
    }
    default:
      return undefined;
  }
}

function saidAt({ timestamp, receivedAt, logPartition, logOffset }: ConsentRecorded | PreferenceRecorded) {
  return [timestamp, receivedAt, logPartition, logOffset] as const;
}

function loneKeyOf(told: ProfileTouchpoint | ConsentRecorded | PreferenceRecorded): LoneKey {
  return { workspaceId: told.workspaceId, profileId: told.loneProfileId, livesIn: told.profileId };
}
