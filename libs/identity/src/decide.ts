import { profileIdOf } from '@rapport/events';
import type { LinkStrength } from './identifiers.js';
import type { IdentityEvent, MergeReason } from './identity-events.js';
import { evolve, type Identifier, type IdentityGraph, type RootProfile } from './identity-graph.js';
import { ruleOf, type IdentityRules } from './rules.js';

/** `recognise` an identifier that leads a touchpoint, or `link` another one with it; the lead is recognised first. */
export type IdentityCommand =
  | { readonly kind: 'recognise'; readonly identifier: Identifier }
  | {
      readonly kind: 'link';
      readonly lead: Identifier;
      readonly identifier: Identifier;
      readonly strength: LinkStrength;
    };

export interface LinkableIdentifier extends Identifier {
  readonly strength: LinkStrength;
}

/** What follows from one command. Empty when the graph says so already, or refused the same link before. */
export function decide(graph: IdentityGraph, command: IdentityCommand, rules: IdentityRules): readonly IdentityEvent[] {
  if (command.kind === 'recognise') {
    const { identifier } = command;
    return graph.profileOf(identifier)
      ? []
      : [{ name: 'identifier-linked', identifier, profile: loneProfile(identifier) }];
  }
  const { lead, identifier, strength } = command;
  const profile = graph.profileOf(lead);
  if (!profile)
    throw new Error('The identifier that leads a touchpoint is recognised before others are linked with it.');
  const other = graph.profileOf(identifier);
  if (!other) return attach(identifier, profile, strength, rules);
  if (other.profileId === profile.profileId) return [];
  if (strength === 'declared' || !areTwoPeople(profile, other, rules)) {
    return [merge(lead.workspaceId, profile, other, strength, rules)];
  }
  return graph.isRefused(lead, identifier)
    ? []
    : [{ name: 'link-refused', lead, identifier, profile, reason: 'belongs-to-another' }];
}

/**
 * Folds the commands of one touchpoint into the graph. `identifiers` come strongest first, as `identifiersOf` gives
 * them, and not empty. Gives the profile the touchpoint belongs to and what it taught.
 */
export function resolveIdentifiers(
  graph: IdentityGraph,
  identifiers: readonly LinkableIdentifier[],
  rules: IdentityRules,
): { readonly profileId: string; readonly events: readonly IdentityEvent[] } {
  const [lead, ...others] = identifiers;
  if (!lead) throw new RangeError('A touchpoint without a usable identifier has nothing to resolve.');
  const events: IdentityEvent[] = [];
  const follow = (command: IdentityCommand): void => {
    for (const event of decide(graph, command, rules)) {
      evolve(graph, event);
      events.push(event);
    }
  };
  follow({ kind: 'recognise', identifier: lead });
  for (const identifier of others) follow({ kind: 'link', lead, identifier, strength: identifier.strength });
  const profile = graph.profileOf(lead) ?? loneProfile(lead);
  return { profileId: profile.profileId, events };
}

/** The profile an identifier stands for while nothing is linked with it. */
export function loneProfile({ workspaceId, type, hash }: Omit<Identifier, 'key'>): RootProfile {
  return { profileId: profileIdOf(workspaceId, type, hash), leadType: type };
}

/** A new identifier joins the lead's profile, and gives it its id where it is the stronger one. */
function attach(
  identifier: Identifier,
  profile: RootProfile,
  strength: LinkStrength,
  rules: IdentityRules,
): readonly IdentityEvent[] {
  const lone = loneProfile(identifier);
  if (survivorOf(lone, profile, rules) === profile) return [{ name: 'identifier-linked', identifier, profile }];
  return [
    { name: 'identifier-linked', identifier, profile: lone },
    merge(identifier.workspaceId, profile, lone, strength, rules),
  ];
}

function merge(
  workspaceId: string,
  a: RootProfile,
  b: RootProfile,
  strength: LinkStrength,
  rules: IdentityRules,
): IdentityEvent {
  const survivor = survivorOf(a, b, rules);
  const { profileId: mergedId } = survivor === a ? b : a;
  const reason: MergeReason = strength === 'declared' ? 'alias' : 'identified';
  return { name: 'profiles-merged', workspaceId, mergedId, survivor, reason };
}

/** The stronger lead survives, then the smaller id: a question of which identifiers are joined, never of when. */
function survivorOf(a: RootProfile, b: RootProfile, rules: IdentityRules): RootProfile {
  const byRank = ruleOf(a.leadType, rules).rank - ruleOf(b.leadType, rules).rank;
  if (byRank !== 0) return byRank < 0 ? a : b;
  return a.profileId < b.profileId ? a : b;
}

function areTwoPeople(a: RootProfile, b: RootProfile, rules: IdentityRules): boolean {
  return ruleOf(a.leadType, rules).exclusive && ruleOf(b.leadType, rules).exclusive;
}
