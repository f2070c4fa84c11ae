import { createHash } from 'node:crypto';
import type { LogEvents, ProfileTouchpoint } from '@rapport/events';
import type { Platform } from '@rapport/runtime';
import { appendTouchpoints } from '@rapport/testing';

export type TouchpointOfProfile = Parameters<typeof appendTouchpoints>[1][number] & { readonly of: string };

type Told = 'profiles-merged' | 'profiles-split' | 'membership-changed' | 'score-changed' | 'delivery-recorded';

const topicOf = {
  'profiles-merged': 'identities',
  'profiles-split': 'identities',
  'membership-changed': 'memberships',
  'score-changed': 'scores',
  'delivery-recorded': 'deliveries',
} as const;

/** Of a name of at most six bytes. */
export const uuid = (name: string) => `00000000-0000-5000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;

/** What the consumer `profile` reads, as the services before it append it; and what it keeps. */
export class ProfileTables {
  private position = 0;

  constructor(private readonly platform: Platform) {}

  /** Appends touchpoints the way resolve does: under the profile they belong to. */
  async appendOf(touchpoints: readonly TouchpointOfProfile[]): Promise<void> {
    const { eventLog, codec } = this.platform;
    const sealed = await this.sealed(touchpoints);
    await eventLog.append(
      sealed.map((value) => ({
        topic: 'profile-touchpoints',
        key: value.profileId,
        value: codec.encode('profile-touchpoint', value),
      })),
    );
  }

  async sealed(touchpoints: readonly TouchpointOfProfile[]): Promise<readonly ProfileTouchpoint[]> {
    const appended = await appendTouchpoints(this.platform, touchpoints);
    return appended.map((touchpoint, i) => ({
      ...touchpoint,
      profileId: touchpoints[i]?.of ?? '',
      loneProfileId: touchpoints[i]?.of ?? '',
      logPartition: 0,
      logOffset: (this.position += 1),
    }));
  }

  async append<N extends Told>(name: N, values: readonly LogEvents[N][]): Promise<void> {
    const { eventLog, codec } = this.platform;
    await eventLog.append(
      values.map((value) => ({
        topic: topicOf[name],
        key: 'mergedId' in value ? value.mergedId : value.profileId,
        value: codec.encode(name, value),
      })),
    );
  }

  async profile(profileId: string) {
    const { rows } = await this.platform.postgres.query('SELECT * FROM profile.profiles WHERE profile_id = $1', [
      profileId,
    ]);
    return rows[0] as Record<string, unknown> | undefined;
  }

  async revenueOf(profileId: string) {
    const { rows } = await this.platform.postgres.query(
      'SELECT currency, orders, revenue::text FROM profile.revenue WHERE profile_id = $1 ORDER BY currency',
      [profileId],
    );
    return rows;
  }

  /** One digest of all rows of some tables. */
  async digestOf(tables: readonly string[]): Promise<string> {
    const hash = createHash('sha256');
    for (const table of tables) {
      const { rows } = await this.platform.postgres.query<{ row: string }>(
        `SELECT each::text AS row FROM ${table} AS each ORDER BY 1`,
      );
      hash.update(rows.map(({ row }) => row).join('\n'));
    }
    return hash.digest('hex');
  }
}
