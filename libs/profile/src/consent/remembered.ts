import type { OpenedTouchpoint } from '@rapport/events';
import type { ProfileState } from '../profile-state.js';
import { latestByName, stampOf } from '../stamp.js';
import { compareConsents } from './compare-consents.js';
import {
  consentChangeOf,
  consentName,
  preferenceChangesOf,
  preferenceName,
  type ConsentStatement,
  type PreferenceStatement,
} from './statement.js';

type Consents = ProfileState['consents'];
type Preferences = ProfileState['preferences'];

/** Consents after one more touchpoint: of one profile, purpose and channel the latest counts. */
export function consentsWith(known: Consents, touchpoint: OpenedTouchpoint): Consents {
  const change = consentChangeOf(touchpoint);
  if (change === undefined) return known;
  const { status, lawfulBasis, textVersion, expiresAt, settles } = change;
  const name = consentName(touchpoint.loneProfileId, change);
  const said = { status, lawfulBasis, textVersion, expiresAt, settles, at: stampOf(touchpoint) };
  return joinConsents(known, { [name]: said });
}

/** Per name the statement that counts, as `compareConsents` says. */
export function joinConsents(a: Consents, b: Consents): Consents {
  const joined = new Map(Object.entries(a));
  for (const [name, said] of Object.entries(b)) {
    const before = joined.get(name);
    if (before === undefined || compareConsents(before, said) < 0) joined.set(name, said);
  }
  return Object.fromEntries(joined);
}

export function preferencesWith(known: Preferences, touchpoint: OpenedTouchpoint): Preferences {
  const at = stampOf(touchpoint);
  return preferenceChangesOf(touchpoint).reduce(
    (preferences, change) =>
      latestByName(preferences, {
        [preferenceName(touchpoint.loneProfileId, change)]: { value: change.value, settles: change.settles, at },
      }),
    known,
  );
}

/** What a person's memory holds, as statements. */
export function statementsOf(consents: Consents): readonly ConsentStatement[] {
  return Object.entries(consents).map(([name, said]) => {
    const [loneProfileId = '', purpose = '', channel = ''] = name.split('/');
    return { loneProfileId, purpose, channel, ...said };
  });
}

export function preferencesOf(preferences: Preferences): readonly PreferenceStatement[] {
  return Object.entries(preferences).map(([key, said]) => {
    const [loneProfileId = '', name = ''] = key.split('/');
    return { loneProfileId, name: name as PreferenceStatement['name'], ...said };
  });
}
