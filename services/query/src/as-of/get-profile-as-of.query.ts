import { Inject, PayloadTooLargeException } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  evolveBy,
  initialState,
  traitColumns,
  type ConsentPolicy,
  type ProfileRules,
  type ProfileState,
} from '@rapport/profile';
import { PLATFORM, type Platform, type Workspace } from '@rapport/runtime';
import { CONSENT_POLICY } from '../consents/consent-policy.js';
import { standingsOf } from '../consents/consents-view.js';
import { PROFILE_RULES } from '../definitions/profile-rules.js';
import { WORKSPACES } from '../definitions/workspaces.js';
import { identityRulesOf } from '../identity/identity-rules.js';
import { findProfile, type ProfileAddress } from '../profiles/find-profile.js';
import { identifiersView } from '../profiles/identifiers-view.js';
import type { ProfileDto } from '../profiles/profile.dto.js';
import type { ProfileRow } from '../profiles/profile.store.js';
import { profileView } from '../profiles/profile-view.js';
import { maxTouchpoints, readKnownAt } from './known-at.js';
import { ordersAt } from './orders-at.js';

/** The single customer view as it stood at a time of the log, rebuilt from the log. */
export class GetProfileAsOf extends Query<ProfileDto | undefined> {
  constructor(
    readonly address: ProfileAddress,
    /** Milliseconds since the epoch. */
    readonly asOf: number,
  ) {
    super();
  }
}

@QueryHandler(GetProfileAsOf)
export class GetProfileAsOfHandler implements IQueryHandler<GetProfileAsOf> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CONSENT_POLICY) private readonly policy: ConsentPolicy,
    @Inject(PROFILE_RULES) private readonly rules: ProfileRules,
    @Inject(WORKSPACES) private readonly workspaces: readonly Workspace[],
  ) {}

  async execute({ address, asOf }: GetProfileAsOf): Promise<ProfileDto | undefined> {
    const { platform, policy, rules } = this;
    const today = await findProfile(platform, address);
    if (!today) return undefined;
    const { workspaceId } = address;
    const profileId = today.profile_id;
    const known = await readKnownAt(platform, { workspaceId, profileId, asOf });
    if (known === undefined) {
      throw new PayloadTooLargeException(
        `This person has more than ${maxTouchpoints} touchpoints by then, which is too much to rebuild within a request.`,
      );
    }
    if (known.touchpoints.length === 0) return undefined;
    const evolve = evolveBy(rules);
    const told = known.facts.reduce(evolve, initialState);
    // Stages that time alone brings on, up to then.
    const timer = { workspaceId, profileId, owner: 'profile', timerId: '', purpose: '', dueAt: asOf, firedAt: asOf };
    const row = rowOf(profileId, evolve(told, { name: 'timer-fired', value: timer }));
    const currency = this.workspaces.find(({ id }) => id === workspaceId)?.currency ?? 'XXX';
    const standings = standingsOf(policy, row, asOf);
    const graph = { vault: platform.vault, rules: await identityRulesOf(platform.config), workspaceId };
    // Whose an identifier is the graph knows as of today alone. What led a touchpoint of theirs was theirs then.
    const hashes = today.identifier_hashes && [
      ...today.identifier_hashes,
      ...known.touchpoints.map(({ subjectId }) => subjectId),
    ];
    const identifiers = identifiersView(row.identifiers, hashes, graph);
    const orders = ordersAt(known.touchpoints, currency);
    return profileView(row, { workspaceId, now: asOf, rules, standings, identifiers, ...orders });
  }
}

function rowOf(profileId: string, state: ProfileState): ProfileRow {
  const dateOf = (time: number | null): Date | null => (time === null ? null : new Date(time));
  return {
    profile_id: profileId,
    first_seen_at: dateOf(state.firstSeenAt),
    last_seen_at: dateOf(state.lastSeenAt),
    ...traitColumns(state.traits),
    identifiers: state.identifiers,
    recent_touchpoints: state.recentTouchpoints.map(({ at, type, event }) => [at, type, event]),
    consents: state.consents,
    preferences: state.preferences,
    memberships: state.memberships,
    scores: state.scores,
    recent_deliveries: state.recentDeliveries,
    computed: state.computed,
    relationship: state.relationship,
    clock: state.clock,
    lifecycle: state.lifecycle,
  };
}
