import { profileIdOf, type LogEvent } from '@rapport/events';

/**
 * Whom a record is about: ids of profiles or of subjects, in the workspace. A record is passed over once all of them were
 * erased; one that is about nobody, or about nothing personal, never is.
 */
export function peopleOfEvent({ name, value }: LogEvent): readonly string[] {
  switch (name) {
    case 'touchpoint':
      return [value.subjectId];
    case 'profile-touchpoint':
      // The lone profile is whose it is for ever; the other may have belonged to somebody else since.
      return [value.loneProfileId];
    case 'consent-recorded':
    case 'preference-recorded':
      return [value.loneProfileId];
    case 'profiles-merged':
      return value.profileIds.length > 0 ? value.profileIds : [value.mergedId];
    case 'profiles-split':
      return value.profileIds.length > 0 ? value.profileIds : [value.profileId];
    case 'identity-decided':
      return value.identifiers.map(({ type, hash }) => profileIdOf(value.workspaceId, type, hash));
    // Its reason and detail hold no value of the event, and its body opens with the subject's key only.
    case 'rejected-touchpoint':
      return [];
    default:
      return 'profileId' in value && value.profileId !== null ? [value.profileId] : [];
  }
}

/**
 * The same, of a consumer to which a split also tells the time for those who stay: what concerns them counts, though who
 * was split off was erased.
 */
export function peopleOfEventAndWhoStays(event: LogEvent): readonly string[] {
  return event.name === 'profiles-split' ? [...peopleOfEvent(event), event.value.fromId] : peopleOfEvent(event);
}
