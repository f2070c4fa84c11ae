import { hkdfSync } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';

/** Whom a link in a message is about; it names nobody outside of Rapport. */
export interface PreferenceLink {
  readonly workspaceId: string;
  readonly profileId: string;
  /** Purpose and channel of the message that carried it: what one click unsubscribes from. */
  readonly purpose: string;
  readonly channel: string;
  readonly deliveryId: string;
}

/** Links in messages work for a year: old messages are opened late, and unsubscribing must still work then. */
export const linkLifetimeMs = 365 * 86_400_000;

const algorithm = 'HS256';
const audience = 'rapport/preferences';

export interface PreferenceTokens {
  /** `now` in milliseconds. */
  sign(link: PreferenceLink, now: number, lifetimeMs?: number): Promise<string>;
  /** `undefined` where it was not signed by us, was changed, or has expired. */
  read(token: string, now: number): Promise<PreferenceLink | undefined>;
}

/** Signs with a key of its own, derived from the installation's hash key, which is never rotated. */
export function createPreferenceTokens(hashKey: Buffer): PreferenceTokens {
  const key = new Uint8Array(hkdfSync('sha256', hashKey, '', audience, 32));
  return {
    sign({ workspaceId, profileId, purpose, channel, deliveryId }, now, lifetimeMs = linkLifetimeMs) {
      return new SignJWT({ w: workspaceId, p: purpose, c: channel, d: deliveryId })
        .setProtectedHeader({ alg: algorithm })
        .setSubject(profileId)
        .setAudience(audience)
        .setExpirationTime(Math.floor((now + lifetimeMs) / 1000))
        .sign(key);
    },
    async read(token, now) {
      try {
        const options = { algorithms: [algorithm], audience, currentDate: new Date(now), requiredClaims: ['exp'] };
        const { payload } = await jwtVerify(token, key, options);
        const { sub: profileId, w: workspaceId, p: purpose, c: channel, d: deliveryId } = payload;
        const parts = [profileId, workspaceId, purpose, channel, deliveryId];
        if (!parts.every((part) => typeof part === 'string')) return undefined;
        return { workspaceId, profileId, purpose, channel, deliveryId } as PreferenceLink;
      } catch {
        return undefined;
      }
    },
  };
}
