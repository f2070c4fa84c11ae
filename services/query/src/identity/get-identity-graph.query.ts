import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { IdentityRules } from '@rapport/identity';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { findIdentifier, type IdentifierAddress } from './find-identifier.js';
import type { GraphLinkDto, IdentityGraphDto, LinkEndDto } from './identity.dto.js';
import { IDENTITY_RULES } from './identity-rules.js';
import { readLinksOf, readMembers, type LinkEnd, type LinkRow } from './identity.store.js';
import { knownValues } from './known-values.js';

const maxIdentifiers = 500;
const maxLinks = 1_000;

/** The identifiers of the person that an identifier belongs to, what links them, and what is quarantined. */
export class GetIdentityGraph extends Query<IdentityGraphDto | undefined> {
  constructor(readonly address: IdentifierAddress) {
    super();
  }
}

@QueryHandler(GetIdentityGraph)
export class GetIdentityGraphHandler implements IQueryHandler<GetIdentityGraph> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(IDENTITY_RULES) private readonly rules: IdentityRules,
  ) {}

  async execute({ address }: GetIdentityGraph): Promise<IdentityGraphDto | undefined> {
    const { postgres } = this.platform;
    const found = await findIdentifier(this.platform, this.rules, address);
    if (!found) return undefined;
    const { workspaceId } = address;
    const { profileId } = found;
    const members = await readMembers(postgres, workspaceId, profileId, maxIdentifiers + 1);
    const shown = members.slice(0, maxIdentifiers);
    const links = await readLinksOf(
      postgres,
      shown.map(({ id }) => id),
      maxLinks + 1,
    );
    const others = links.flatMap(({ first, second }) => [first.profileId, second.profileId]);
    const values = await knownValues(this.platform, this.rules, workspaceId, [profileId, ...others]);
    return {
      profileId,
      identifiers: shown.map(({ type, hash, firstSeenAt, seenWith, shared, entangled }) => ({
        ...{ type, hash, value: values.get(hash) ?? null, firstSeenAt: iso(firstSeenAt), seenWith },
        quarantined: shared ? 'shared' : entangled ? 'entangled' : null,
      })),
      links: links.slice(0, maxLinks).map((link) => linkView(link, values)),
      isCut: members.length > maxIdentifiers || links.length > maxLinks,
    };
  }
}

export function linkEndView({ type, hash, profileId }: LinkEnd, values: ReadonlyMap<string, string>): LinkEndDto {
  return { type, hash, value: values.get(hash) ?? null, profileId };
}

function linkView(link: LinkRow, values: ReadonlyMap<string, string>): GraphLinkDto {
  const { first, second, firstSeenAt, decision, declared, refusal } = link;
  return {
    first: linkEndView(first, values),
    second: linkEndView(second, values),
    since: iso(firstSeenAt),
    by: decision === null ? (declared ? 'declared' : 'seen-together') : 'decided',
    quarantined: refusal,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
