import {
  identifierOf,
  identifiersOf,
  IdentityGraph,
  isBlocked,
  loneProfile,
  resolveIdentifiers,
  rulesV1,
  toLogEvent,
  type IdentityEvent,
  type LinkableIdentifier,
} from './index.js';

const user = (hash: string, workspaceId = 'shop'): LinkableIdentifier => ({
  ...identifierOf(workspaceId, 'userId', hash),
  strength: 'seen-together',
});
const device = (hash: string): LinkableIdentifier => ({
  ...identifierOf('shop', 'anonymousId', hash),
  strength: 'seen-together',
});
const alias = (hash: string): LinkableIdentifier => ({ ...user(hash), strength: 'declared' });
const profile = (of: LinkableIdentifier) => loneProfile(of).profileId;

/** Given touchpoints that were seen, when one more comes, then these events follow and it belongs to this profile. */
function given(...seen: readonly LinkableIdentifier[][]) {
  const graph = new IdentityGraph();
  for (const touchpoint of seen) resolveIdentifiers(graph, touchpoint, rulesV1);
  return {
    when: (...touchpoint: LinkableIdentifier[]) => {
      const { profileId, events } = resolveIdentifiers(graph, touchpoint, rulesV1);
      return { profileId, events: events.map(summary), graph };
    },
  };
}

function summary(event: IdentityEvent): string {
  switch (event.name) {
    case 'identifier-linked':
      return `${event.identifier.type} ${event.identifier.hash} -> ${event.profile.profileId}`;
    case 'profiles-merged':
      return `${event.mergedId} => ${event.survivor.profileId} (${event.reason})`;
    case 'link-refused':
      return `refused ${event.identifier.hash} for ${event.profile.profileId} (${event.reason})`;
  }
}

describe('resolving a touchpoint', () => {
  it('gives a person never seen the profile of the identifier', () => {
    const { profileId, events } = given().when(device('a'));
    expect(profileId).toBe(profile(device('a')));
    expect(events).toEqual([`anonymousId a -> ${profile(device('a'))}`]);
  });

  it('says nothing new about a person it knows', () => {
    const { profileId, events } = given([user('u'), device('a')]).when(user('u'), device('a'));
    expect(profileId).toBe(profile(user('u')));
    expect(events).toEqual([]);
  });

  it('merges an anonymous person into the user they identify as', () => {
    const { profileId, events, graph } = given([device('a')]).when(user('u'), device('a'));
    expect(profileId).toBe(profile(user('u')));
    expect(events).toEqual([
      `userId u -> ${profile(user('u'))}`,
      `${profile(device('a'))} => ${profile(user('u'))} (identified)`,
    ]);
    expect(graph.survivorOf(profile(device('a')))).toBe(profile(user('u')));
  });

  it('attaches a new device to the user without a merge', () => {
    const { events } = given([user('u')]).when(user('u'), device('a'));
    expect(events).toEqual([`anonymousId a -> ${profile(user('u'))}`]);
  });

  it('never joins two users through a device they share: the touchpoint belongs to the user it names', () => {
    const { profileId, events, graph } = given([user('u'), device('a')]).when(user('w'), device('a'));
    expect(profileId).toBe(profile(user('w')));
    expect(events).toEqual([
      `userId w -> ${profile(user('w'))}`,
      `refused a for ${profile(user('w'))} (belongs-to-another)`,
    ]);
    expect(graph.profileOf(device('a'))?.profileId).toBe(profile(user('u')));
  });

  it('tells a refusal once', () => {
    const { events } = given([user('u'), device('a')], [user('w'), device('a')]).when(user('w'), device('a'));
    expect(events).toEqual([]);
  });

  it('merges two users that an alias declares to be one, and the smaller id survives whichever comes first', () => {
    const smaller = [profile(user('u')), profile(user('w'))].sort()[0];
    for (const [one, other] of [
      ['u', 'w'],
      ['w', 'u'],
    ] as const) {
      const { profileId, graph } = given([user('u')], [user('w')]).when(user(one), alias(other));
      expect(profileId).toBe(smaller);
      expect(graph.profileOf(user('u'))).toEqual(graph.profileOf(user('w')));
    }
  });

  it('keeps what an alias said about an id that is seen only later', () => {
    const { profileId } = given([user('u'), alias('w')]).when(user('w'));
    expect(profileId).toBe([profile(user('u')), profile(user('w'))].sort()[0]);
  });

  it('keeps workspaces apart', () => {
    const { profileId } = given([user('u')]).when(user('u', 'other'));
    expect(profileId).not.toBe(profile(user('u')));
  });
});

describe('the identifiers of a touchpoint', () => {
  const of = (type: Parameters<typeof identifiersOf>[0], content: Parameters<typeof identifiersOf>[1]) =>
    identifiersOf(type, content, rulesV1).map(({ type: kind, value, strength }) => `${kind} ${value} ${strength}`);

  it('lead with the userId', () => {
    expect(of('track', { anonymousId: 'a', userId: 'u' })).toEqual([
      'userId u seen-together',
      'anonymousId a seen-together',
    ]);
  });

  it('take an alias at its word for users, and its previousId also as a device', () => {
    expect(of('alias', { userId: 'u', previousId: 'p' })).toEqual([
      'userId u seen-together',
      'userId p declared',
      'anonymousId p seen-together',
    ]);
  });

  it('ignore an alias of an id with itself, an alias of nobody, and a previousId outside an alias', () => {
    expect(of('alias', { userId: 'u', previousId: 'u' })).toEqual(['userId u seen-together']);
    expect(of('alias', { anonymousId: 'a', previousId: 'p' })).toEqual(['anonymousId a seen-together']);
    expect(of('track', { userId: 'u', previousId: 'p' })).toEqual(['userId u seen-together']);
  });

  it.each(['', '  ', '0', '000', '-', 'null', 'NULL', 'Undefined', 'anonymous', 'guest', 'NaN', '[object Object]'])(
    'leave out %j, which many senders use for nobody',
    (value) => {
      expect(of('track', { userId: value })).toEqual([]);
      expect(of('track', { userId: value, anonymousId: 'a' })).toEqual(['anonymousId a seen-together']);
      expect(of('alias', { userId: 'u', previousId: value })).toEqual(['userId u seen-together']);
    },
  );

  it('leave out the nil UUID and a long blank', () => {
    expect(isBlocked('00000000-0000-0000-0000-000000000000', rulesV1)).toBe(true);
    expect(isBlocked(' '.repeat(50), rulesV1)).toBe(true);
    expect(isBlocked('10', rulesV1)).toBe(false);
    expect(isBlocked('nullable', rulesV1)).toBe(false);
  });
});

describe('records of identity events', () => {
  it('carry hashes and the touchpoint that showed it', () => {
    const graph = new IdentityGraph();
    const { events } = resolveIdentifiers(graph, [user('u'), device('a')], rulesV1);
    expect(events.map((event) => toLogEvent(event, { messageId: 'm', timestamp: 5 }))).toEqual(
      [user('u'), device('a')].map(({ type, hash }) => ({
        name: 'identifier-linked',
        key: profile(user('u')),
        value: {
          workspaceId: 'shop',
          profileId: profile(user('u')),
          identifierType: type,
          identifierHash: hash,
          timestamp: 5,
          messageId: 'm',
        },
      })),
    );
  });
});
