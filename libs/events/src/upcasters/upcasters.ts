import type { LogEventName, LogEvents } from '../log-events.js';

/**
 * Lifts a value that was written with an older version of its schema. Avro has already given it the newest shape, with
 * the declared defaults in the fields the old version did not have; the upcaster of version `n` fills in what follows
 * from the rest of the value for version `n + 1`. Pure, and never removed: records of every version stay on the log.
 */
export type Upcaster<N extends LogEventName> = (value: LogEvents[N]) => LogEvents[N];

/** By event, then by the version that is lifted to the next one. A version without an upcaster needs the defaults only. */
export type Upcasters = { readonly [N in LogEventName]?: Readonly<Record<number, Upcaster<N>>> };

export const upcasters: Upcasters = {
  'consent-recorded': {
    1: (value) => ({ ...value, loneProfileId: value.profileId, receivedAt: value.timestamp }),
  },
  // Who entered, and for when, was not written down: the person it was decided for, and the time of the decision.
  'journey-progressed': {
    1: (value) => ({
      ...value,
      loneProfileId: value.profileId,
      enteredFor: value.kind === 'entry-refused' ? null : value.timestamp,
    }),
  },
  'profile-touchpoint': { 1: (value) => ({ ...value, loneProfileId: value.profileId }) },
  'profiles-merged': { 1: (value) => ({ ...value, profileIds: [value.mergedId] }) },
};

/** Applies the upcasters of `writtenVersion` and all later ones below `newestVersion`, in order. */
export function upcast<N extends LogEventName>(
  known: Upcasters,
  name: N,
  value: LogEvents[N],
  writtenVersion: number,
  newestVersion: number,
): LogEvents[N] {
  const ofEvent: Readonly<Record<number, Upcaster<N>>> | undefined = known[name];
  for (let version = writtenVersion; ofEvent !== undefined && version < newestVersion; version += 1) {
    value = ofEvent[version]?.(value) ?? value;
  }
  return value;
}
