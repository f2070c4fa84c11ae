import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { linkKey, pairOf, resolveObservations, type IdentityRules, type StoredIdentifier } from '@rapport/identity';
import type { ConsentPolicy } from '@rapport/profile';
import { createGraphReader } from '@rapport/profile-db';
import { describeError, PLATFORM, type Platform } from '@rapport/runtime';
import { CONSENT_POLICY } from '../consents/consent-policy.js';
import { standingsOf } from '../consents/consents-view.js';
import { readProfile } from '../profiles/profile.store.js';
import { findIdentifier } from './find-identifier.js';
import type { ConsentConflictDto, LinkPreviewDto, PreviewedProfileDto } from './identity.dto.js';
import { IDENTITY_RULES } from './identity-rules.js';
import { countTouchpoints, readMembers } from './identity.store.js';

const maxIdentifiers = 2_000;

/** What linking two identifiers would join, of how many touchpoints, and which consents disagree. Changes nothing. */
export class PreviewLink extends Query<LinkPreviewDto | undefined> {
  constructor(
    readonly workspaceId: string,
    readonly first: string,
    readonly second: string,
  ) {
    super();
  }
}

@QueryHandler(PreviewLink)
export class PreviewLinkHandler implements IQueryHandler<PreviewLink> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(IDENTITY_RULES) private readonly rules: IdentityRules,
    @Inject(CONSENT_POLICY) private readonly policy: ConsentPolicy,
  ) {}

  async execute({ workspaceId, first: a, second: b }: PreviewLink): Promise<LinkPreviewDto | undefined> {
    const [first, second] = await Promise.all(
      [a, b].map((text) => findIdentifier(this.platform, this.rules, { workspaceId, text })),
    );
    if (!first || !second) return undefined;
    const { survivorId, joins, refusal } = await this.decided(first, second);
    const profileIds = [...new Set([first.profileId, second.profileId])];
    const [profiles, consentConflicts] = await Promise.all([
      this.profiles(workspaceId, profileIds),
      this.conflicts(workspaceId, profileIds),
    ]);
    return { joins, refusal, survivorId, profiles, consentConflicts };
  }

  /** The link is put into a part of the graph that nobody stores. */
  private async decided(first: StoredIdentifier, second: StoredIdentifier) {
    const [one, other] = [first.identifier, second.identifier];
    const position = Number.MAX_SAFE_INTEGER;
    const timestamp = this.platform.clock();
    const ruling = { kind: 'link' as const, position, first: one, others: [other], timestamp };
    const { graph } = await resolveObservations([ruling], createGraphReader(this.platform.postgres), this.rules);
    const [left, right] = [one, other].map(({ id }) => graph.identifiers.get(id)!.profileId);
    const refusal = graph.links.get(linkKey(pairOf(one, other)))?.refusal ?? null;
    return { survivorId: left!, joins: left === right, refusal };
  }

  private async profiles(workspaceId: string, profileIds: readonly string[]): Promise<readonly PreviewedProfileDto[]> {
    const counts = await countTouchpoints(this.platform, workspaceId, profileIds).catch((error: unknown) => {
      this.platform.logger.warn({ error: describeError(error) }, 'touchpoints of a preview could not be counted');
      return undefined;
    });
    return Promise.all(
      profileIds.map(async (profileId) => {
        const members = await readMembers(this.platform.postgres, workspaceId, profileId, maxIdentifiers);
        const byType = Object.groupBy(members, ({ type }) => type);
        const identifiers = Object.fromEntries(Object.entries(byType).map(([type, some]) => [type, some?.length ?? 0]));
        return { profileId, identifiers, touchpoints: counts ? (counts.get(profileId) ?? 0) : null };
      }),
    );
  }

  private async conflicts(workspaceId: string, profileIds: readonly string[]): Promise<readonly ConsentConflictDto[]> {
    const standings = await Promise.all(
      profileIds.map(async (profileId) => {
        const row = await readProfile(this.platform.reads, workspaceId, profileId);
        const said = row ? standingsOf(this.policy, row, this.platform.clock()) : [];
        return new Map(said.map((one) => [`${one.purpose}/${one.channel}`, one]));
      }),
    );
    const names = new Set(standings.flatMap((one) => [...one.keys()]));
    return [...names].sort().flatMap((name) => {
      const [purpose = '', channel = ''] = name.split('/');
      const statuses = standings.map((one) => one.get(name)?.status ?? 'unknown');
      const said = new Set(statuses.filter((status) => status !== 'unknown'));
      return said.size > 1 ? [{ purpose, channel, statuses }] : [];
    });
  }
}
