import { collectLimits } from '@rapport/events';

const longestType = 100;

/** Whoever the collector took can be asked for, linked, suppressed and erased: by an identifier as long, after its type and a colon. */
export const identifierLength = collectLimits.identifierCharacters + longestType;
