import {
  pausedUntil,
  preferencesOf,
  standingOf,
  statementsOf,
  frequencyOf,
  type ConsentPolicy,
  type ConsentStatement,
  type Standing,
} from '@rapport/profile';
import type { ProfileRow } from '../profiles/profile.store.js';
import type { ConsentsDto, ConsentStandingDto, PreferencesDto, SaidConsentDto } from './consents.dto.js';

type SaidInRow = Pick<ProfileRow, 'consents' | 'preferences'>;

/** What counts at `now`, for everything declared and everything said. */
export function standingsOf(policy: ConsentPolicy, { consents }: SaidInRow, now: number): readonly Standing[] {
  const statements = statementsOf(consents);
  const about = new Map<string, { readonly purpose: string; readonly channel: string }>();
  const name = (purpose: string, channel: string): void =>
    void about.set(`${purpose}/${channel}`, { purpose, channel });
  for (const { id, channels } of policy.purposes) {
    if (channels.length === 0) name(id, 'all');
    for (const channel of channels) name(id, channel);
  }
  for (const { purpose, channel } of statements) name(purpose, channel);
  return [...about.values()].map((one) => standingOf(policy, statements, one, now));
}

export function consentsView(
  policy: ConsentPolicy,
  row: SaidInRow,
  now: number,
): Omit<ConsentsDto, 'profileId' | 'history'> {
  const standings = standingsOf(policy, row, now).map(standingView);
  return {
    consents: standings,
    conflicts: standings.filter(({ conflict }) => conflict.length > 0),
    preferences: preferencesView(policy, row, now),
  };
}

export function preferencesView(policy: ConsentPolicy, { preferences }: SaidInRow, now: number): PreferencesDto {
  const said = preferencesOf(preferences);
  const until = pausedUntil(said);
  return {
    frequency: frequencyOf(policy, said)?.id ?? null,
    pausedUntil: until === null || until <= now ? null : new Date(until).toISOString(),
  };
}

/** Lone profiles of a person that said anything, so that a new statement can settle what they said. */
export function loneProfilesIn({ consents, preferences }: SaidInRow): readonly string[] {
  const ids = [...Object.keys(consents), ...Object.keys(preferences)].map((name) => name.split('/', 1)[0] ?? '');
  return [...new Set(ids)].sort();
}

function standingView({
  purpose,
  channel,
  status,
  basis,
  isAllowed,
  decidedBy,
  conflict,
}: Standing): ConsentStandingDto {
  const expiresAt = decidedBy?.expiresAt ?? null;
  return {
    purpose,
    channel,
    status,
    isAllowed,
    lawfulBasis: basis,
    since: decidedBy === undefined ? null : new Date(decidedBy.at[0]).toISOString(),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    conflict: conflict.map(saidView),
  };
}

function saidView({ loneProfileId, purpose, channel, status, at }: ConsentStatement): SaidConsentDto {
  return { loneProfileId, purpose, channel, status, timestamp: new Date(at[0]).toISOString() };
}
