import { topicNames, topics, type LogEvent, type TopicName } from '@rapport/events';
import type { Platform } from '@rapport/runtime';
import type { Erasure, Finding } from '../erasure.js';
import type { LogPosition } from '../person.js';
import { readTouchpoints } from '../person.js';
import { scanTopic } from './scan-topic.js';

type Parts = Pick<Platform, 'eventLog' | 'codec' | 'vault'>;
type Erased = Pick<Erasure, 'workspaceId' | 'subjectIds'>;

/** Topics that nobody indexes and that hold little: read through from end to end. */
const scanned = ['rejected-touchpoints', 'dead-letters'] as const satisfies readonly TopicName[];

interface Sealed {
  readonly workspaceId: string;
  readonly subjectId: string;
  readonly keyId: string;
  readonly boundTo: string;
  readonly bytes: Uint8Array;
}

const openAtOnce = 200;

/** What of the person's touchpoints is sealed on the log, and how much of that still opens: nothing may. */
export async function checkTouchpoints(
  parts: Parts,
  erased: Erased,
  positions: readonly LogPosition[],
): Promise<Finding> {
  const touchpoints: Sealed[] = [];
  let shared = 0;
  for await (const { subjectId, keyId, messageId, content } of readTouchpoints(parts, { ...erased, positions })) {
    if (!erased.subjectIds.includes(subjectId)) {
      shared += 1;
      continue;
    }
    touchpoints.push({ workspaceId: erased.workspaceId, subjectId, keyId, boundTo: messageId, bytes: content });
  }
  return {
    ...(await finding(parts, 'event log touchpoints', touchpoints)),
    ...(shared > 0 && { note: `${shared} more under a blocked identifier that others share: passed over, key kept` }),
  };
}

/** The same for what was refused and for what no consumer could handle; findings by person, in their order. */
export async function checkRefused(parts: Parts, people: readonly Erased[]): Promise<readonly (readonly Finding[])[]> {
  const byTopic: (readonly Finding[])[] = [];
  for (const topic of scanned) byTopic.push(await scan(parts, people, topic));
  return people.map((_, index) => byTopic.flatMap((findings) => findings[index] ?? []));
}

async function scan(parts: Parts, people: readonly Erased[], topic: TopicName): Promise<readonly Finding[]> {
  const sealed = people.map((): Sealed[] => []);
  const indexes = new Map(
    people.flatMap(({ workspaceId, subjectIds }, index) =>
      subjectIds.map((subjectId) => [`${workspaceId}\n${subjectId}`, index] as const),
    ),
  );
  let unreadable = 0;
  for await (const event of scanTopic(parts, topic)) {
    if (event === undefined) unreadable += 1;
    else
      for (const one of sealedIn(event)) {
        sealed[indexes.get(`${one.workspaceId}\n${one.subjectId}`) ?? -1]?.push(one);
      }
  }
  const note = `${unreadable} records of other programs, which say nothing that Rapport could read`;
  const found = await Promise.all(sealed.map((theirs) => finding(parts, `event log ${topic}`, theirs)));
  return unreadable === 0 ? found : found.map((each) => ({ ...each, note }));
}

function sealedIn({ name, value }: LogEvent): readonly Sealed[] {
  if (!('subjectId' in value)) return [];
  const { workspaceId, subjectId, keyId } = value;
  const of = (boundTo: string, bytes: Uint8Array): Sealed[] => [{ workspaceId, subjectId, keyId, boundTo, bytes }];
  if (name === 'touchpoint' || name === 'profile-touchpoint') return of(value.messageId, value.content);
  if (name === 'rejected-touchpoint') return of(value.rejectionId, value.body);
  if (name === 'delivery-requested') return of(value.deliveryId, value.content);
  return [];
}

async function finding({ vault }: Parts, store: string, sealed: readonly Sealed[]): Promise<Finding> {
  let left = 0;
  for (let first = 0; first < sealed.length; first += openAtOnce) {
    const opened = await vault.open(sealed.slice(first, first + openAtOnce));
    left += opened.filter((plaintext) => plaintext !== undefined).length;
  }
  return {
    store,
    removed: sealed.length - left,
    left,
    ...(sealed.length > 0 && { note: 'sealed; the keys are gone' }),
  };
}

/** The keys' topic without what tombstones replace. A broker compacts by itself, within the time its topic is set to. */
export async function compactKeys({ eventLog }: Pick<Parts, 'eventLog'>): Promise<Finding> {
  const store = 'event log subject-keys';
  const compacted = topicNames.filter((topic) => topics[topic].cleanup === 'compact');
  let byBroker = false;
  for (const topic of compacted) byBroker = (await eventLog.compact(topic)) === 'left-to-broker' || byBroker;
  return { store, removed: 1, left: 0, note: byBroker ? 'compacted by the broker within a day' : 'compacted' };
}
