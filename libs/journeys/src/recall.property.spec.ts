import fc from 'fast-check';
import {
  decide,
  evolve,
  initialState,
  journeyFrom,
  mergeParts,
  recall,
  type JourneyEvent,
  type JourneyInput,
  type JourneyPerson,
  type RecordedDecision,
} from './index.js';

const steps = [
  { id: 'first-wait', wait: '3 seconds', after: 'entry' },
  { id: 'first', send: { channel: 'email', template: 't', purpose: 'marketing' } },
  // Due before the first one is: the order of steps is not that of their times.
  { id: 'second-wait', wait: '1 second', after: 'entry' },
  { id: 'second', send: { channel: 'sms', template: 't', purpose: 'service' } },
] as const;
const exit_on = [{ event: 'order', reason: 'next-order' }];
const journeys = [
  journeyFrom({ id: 'by-segment', version: 1, name: 'J', max_age: '1 hour', entry: { segment: 's' }, exit_on, steps }),
  journeyFrom({ id: 'by-event', version: 1, name: 'K', max_age: '1 hour', entry: { event: 'cart' }, exit_on, steps }),
];
const facts = { address: 'known', refusal: () => undefined } as const;
const lones = ['a', 'b'] as const;
type Lone = (typeof lones)[number];
type Parts = Record<Lone, JourneyPerson>;

interface Told {
  readonly lone: Lone;
  readonly change: (state: JourneyPerson) => JourneyPerson;
}

/** Two lone profiles that are linked and split, as orchestration handles them live; everything it reads and writes down. */
class Live {
  readonly parts: Parts = { a: initialState, b: initialState };
  readonly told: Told[] = [];
  private isLinked = false;
  private now = 0;

  enter(lone: Lone, timestamp: number): void {
    const about = { profileId: lone, segmentId: 's', timestamp, decidedAt: timestamp, causeId: `c${(this.now += 1)}` };
    this.input(lone, { kind: 'segment-entered', ...about, imported: false, rearranged: false });
  }

  perform(lone: Lone, event: string, timestamp: number): void {
    const about = { profileId: lone, event, timestamp, receivedAt: timestamp, messageId: `m${(this.now += 1)}` };
    this.input(lone, { kind: 'performed', ...about, imported: false });
  }

  link(): void {
    if (this.isLinked) return;
    this.isLinked = true;
    const person = this.person('a');
    this.decided('a', person, decide(journeys, person, { kind: 'rearranged', person, causeId: 'link' }, facts));
  }

  split(): void {
    this.isLinked = false;
  }

  fireTimers(): void {
    const persons = this.isLinked ? (['a'] as const) : lones;
    for (const lone of persons) {
      for (const { waiting } of this.person(lone).instances) {
        if (waiting)
          this.input(lone, {
            kind: 'timer-fired',
            timerId: waiting.timerId,
            dueAt: waiting.dueAt,
            firedAt: waiting.dueAt,
          });
      }
    }
  }

  private person(lone: Lone): JourneyPerson {
    return this.isLinked ? mergeParts(this.parts.a, this.parts.b) : this.parts[lone];
  }

  private input(lone: Lone, input: JourneyInput): void {
    const person = this.person(lone);
    const events = decide(journeys, person, input, facts);
    this.parts[lone] = evolve(this.parts[lone], input);
    this.told.push({ lone, change: (state) => evolve(state, input) });
    this.decided(lone, person, events);
  }

  private decided(lone: Lone, person: JourneyPerson, events: readonly JourneyEvent[]): void {
    const entered = new Map(person.instances.map(({ instanceId, enteredFor }) => [instanceId, enteredFor]));
    for (const event of events) {
      if (event.kind === 'entered') entered.set(event.instanceId, event.enteredFor);
      const isIt = ({ instanceId }: { instanceId: string }): boolean => instanceId === event.instanceId;
      const holder = lones.find((each) => this.parts[each].instances.some(isIt)) ?? lone;
      this.parts[holder] = evolve(this.parts[holder], event);
      const decision = recorded(event, entered.get(event.instanceId) ?? null);
      this.told.push({ lone: holder, change: (state) => recall(journeys, state, decision) });
    }
  }
}

function recorded(event: JourneyEvent, enteredFor: number | null): RecordedDecision {
  const { instanceId, journeyId, version: journeyVersion, kind, decidedAt: timestamp } = event;
  return {
    ...{ instanceId, journeyId, journeyVersion, kind, timestamp, enteredFor },
    stepId: 'stepId' in event ? event.stepId : null,
    dueAt: event.kind === 'waiting' ? event.dueAt : null,
    channel: event.kind === 'message-requested' ? event.channel : null,
    purpose: event.kind === 'message-requested' ? event.purpose : null,
  };
}

type Step = readonly ['enter' | 'cart' | 'order' | 'link' | 'split' | 'timers', Lone, number];
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('enter', 'enter', 'cart', 'order', 'link', 'split', 'timers'),
  fc.constantFrom(...lones),
  fc.nat(10_000),
);

function lived(history: readonly Step[]): Live {
  const live = new Live();
  for (const [kind, lone, time] of history) {
    if (kind === 'enter') live.enter(lone, time);
    else if (kind === 'link') live.link();
    else if (kind === 'split') live.split();
    else if (kind === 'timers') live.fireTimers();
    else live.perform(lone, kind, time);
  }
  return live;
}

function remembered(told: readonly Told[]): Parts {
  const parts: Parts = { a: initialState, b: initialState };
  for (const { lone, change } of told) parts[lone] = change(parts[lone]);
  return parts;
}

describe('what a person is remembered by', () => {
  it('is the same as live, in whatever order facts and recorded decisions are read, merges and splits between them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.infiniteStream(fc.nat()), (history, keys) => {
        const { parts, told } = lived(history);
        const shuffled = told
          .map((each) => ({ each, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        expect(remembered(shuffled)).toEqual(parts);
      }),
      { numRuns: 500 },
    );
  });

  it('Given two who were linked while both waited and then split, the passage that the link ended stays ended', () => {
    const { parts, told } = lived([
      ['enter', 'a', 1],
      ['enter', 'b', 2],
      ['link', 'a', 0],
      ['split', 'a', 0],
    ]);
    expect(parts.b.instances.map(({ status }) => status)).toEqual(['exited']);
    expect(remembered([...told].reverse())).toEqual(parts);
  });

  it('Given a refused entry, nothing is remembered', () => {
    const { told } = lived([
      ['enter', 'a', 1],
      ['enter', 'a', 2],
    ]);
    const before = remembered(told.slice(0, -1));
    expect(remembered(told)).toEqual(before);
  });

  it('Given decisions from before channel and purpose were written down, the definition tells them', () => {
    const { parts, told } = lived([
      ['enter', 'a', 1],
      ['timers', 'a', 0],
    ]);
    const [{ instanceId, journeyId, version, enteredFor }] = parts.a.instances as [JourneyPerson['instances'][number]];
    const old = { instanceId, journeyId, journeyVersion: version, enteredFor, kind: 'message-requested' } as const;
    const [message] = parts.a.sent;
    const about = { stepId: 'first', dueAt: null, channel: null, purpose: null, timestamp: message?.at ?? 0 };
    expect(recall(journeys, initialState, { ...old, ...about }).sent).toEqual([message]);
    expect(recall([], initialState, { ...old, ...about }).sent).toEqual([]);
    expect(remembered(told)).toEqual(parts);
  });
});
