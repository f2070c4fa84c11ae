import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { IdentityDecided } from '@rapport/events';
import type { Identifier, IdentityRules, StoredIdentifier } from '@rapport/identity';
import { createGraphReader } from '@rapport/profile-db';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { appendDecision } from './append-decision.js';
import { findIdentifier } from './find-identifier.js';
import type { DecisionDto } from './identity.dto.js';
import { IDENTITY_RULES } from './identity-rules.js';

/** What can be said of the identifiers: nothing, where one of them is not known. */
export type Decided =
  | DecisionDto
  | { readonly unknown: 'first' | 'second' }
  | { readonly nothingLinked: true }
  | { readonly sameIdentifier: true };

/** Has two identifiers taken for one person from now on, whatever the limits. */
export class LinkIdentifiers extends Command<Decided> {
  constructor(
    readonly workspaceId: string,
    readonly first: string,
    readonly second: string,
    readonly decidedBy: string,
  ) {
    super();
  }
}

/** Has an identifier taken for somebody else than another one, or than all that it is linked with. */
export class SplitIdentifier extends Command<Decided> {
  constructor(
    readonly workspaceId: string,
    readonly identifier: string,
    readonly from: string | undefined,
    readonly decidedBy: string,
  ) {
    super();
  }
}

@CommandHandler(LinkIdentifiers)
export class LinkIdentifiersHandler implements ICommandHandler<LinkIdentifiers> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(IDENTITY_RULES) private readonly rules: IdentityRules,
  ) {}

  async execute({ workspaceId, first: a, second: b, decidedBy }: LinkIdentifiers): Promise<Decided> {
    const first = await findIdentifier(this.platform, this.rules, { workspaceId, text: a });
    const second = await findIdentifier(this.platform, this.rules, { workspaceId, text: b });
    if (!first) return { unknown: 'first' };
    if (!second) return { unknown: 'second' };
    if (first.identifier.id === second.identifier.id) return { sameIdentifier: true };
    return append(this.platform, 'link', decidedBy, [first.identifier, second.identifier]);
  }
}

@CommandHandler(SplitIdentifier)
export class SplitIdentifierHandler implements ICommandHandler<SplitIdentifier> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(IDENTITY_RULES) private readonly rules: IdentityRules,
  ) {}

  async execute({ workspaceId, identifier, from, decidedBy }: SplitIdentifier): Promise<Decided> {
    const first = await findIdentifier(this.platform, this.rules, { workspaceId, text: identifier });
    if (!first) return { unknown: 'first' };
    if (from === undefined) {
      const others = await this.linkedWith(first);
      if (others.length === 0) return { nothingLinked: true };
      return append(this.platform, 'split', decidedBy, [first.identifier, ...others]);
    }
    const second = await findIdentifier(this.platform, this.rules, { workspaceId, text: from });
    if (!second) return { unknown: 'second' };
    if (first.identifier.id === second.identifier.id) return { sameIdentifier: true };
    return append(this.platform, 'split', decidedBy, [first.identifier, second.identifier]);
  }

  /** Refused links too: with the one that held gone, the next would take its place. */
  private async linkedWith({ identifier: { id } }: StoredIdentifier): Promise<readonly Identifier[]> {
    const { links, identifiers } = await createGraphReader(this.platform.postgres).surroundings([id]);
    const open = new Set(
      links
        .filter(({ decision }) => decision?.kind !== 'split')
        .flatMap(({ lowerId, higherId }) => [lowerId, higherId]),
    );
    return identifiers.map(({ identifier }) => identifier).filter((other) => open.has(other.id));
  }
}

function append(
  platform: Platform,
  kind: IdentityDecided['kind'],
  decidedBy: string,
  decided: readonly Identifier[],
): Promise<DecisionDto> {
  const { workspaceId } = decided[0]!;
  const identifiers = decided.map(({ type, hash }) => ({ type, hash }));
  return appendDecision(platform, { workspaceId, kind, identifiers, reason: 'operator', decidedBy });
}
