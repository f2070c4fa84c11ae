import { touchpointNames, type JsonObject } from '@rapport/events';
import { isPromotional, standingOf, statementsOf, type ConsentPolicy } from '@rapport/profile';
import type { RecordedCall } from '../commands/touchpoint-recorder.js';
import { loneProfilesIn, preferencesView } from '../consents/consents-view.js';
import type { ProfileRow } from '../profiles/profile.store.js';

type SaidInRow = Pick<ProfileRow, 'consents' | 'preferences'>;

/** One box to tick: a purpose on a channel, or as a whole. */
export interface Choice {
  readonly name: string;
  readonly purpose: string;
  readonly channel: string;
  readonly label: string;
  readonly isOn: boolean;
}

export interface PurposeChoices {
  readonly name: string;
  readonly description: string;
  readonly isTopic: boolean;
  readonly choices: readonly Choice[];
}

/** What a person may refuse, and how it stands. What a contract asks for is not shown: it cannot be refused. */
export function choicesOf(policy: ConsentPolicy, { consents }: SaidInRow, now: number): readonly PurposeChoices[] {
  const statements = statementsOf(consents);
  const channelName = (id: string): string => policy.channels.find((channel) => channel.id === id)?.name ?? id;
  return policy.purposes.flatMap((purpose) => {
    const channels = purpose.channels.length === 0 ? ['all'] : purpose.channels;
    const choices = channels
      .filter((channel) => isPromotional(policy, purpose.id, channel))
      .map((channel): Choice => ({
        name: `${purpose.id}/${channel}`,
        purpose: purpose.id,
        channel,
        label: channel === 'all' ? purpose.name : channelName(channel),
        isOn: standingOf(policy, statements, { purpose: purpose.id, channel }, now).isAllowed,
      }));
    const { name, description, partOf } = purpose;
    return choices.length === 0 ? [] : [{ name, description, isTopic: partOf !== null, choices }];
  });
}

/** What came back from the page: names of ticked boxes, a frequency, days to pause, and which button was pressed. */
export interface SentForm {
  readonly on: ReadonlySet<string>;
  readonly frequency: string | undefined;
  /** Days from now; `end` ends a pause; absent leaves it. */
  readonly pause: string | undefined;
  readonly isNothing: boolean;
}

export const pauseDays: ReadonlyMap<string, number> = new Map([
  ['7', 7],
  ['30', 30],
  ['90', 90],
]);

/** Reads a posted form; what it does not know counts for nothing. */
export function readForm(body: unknown): SentForm {
  const form = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const on = [form['on']].flat().filter((value): value is string => typeof value === 'string');
  return {
    on: new Set(on),
    frequency: textOf(form['frequency']),
    pause: textOf(form['pause']),
    isNothing: form['action'] === 'nothing',
  };
}

/** The touchpoints that a form stands for: only what differs from how things stood when it was sent. */
export function callsOf(policy: ConsentPolicy, row: SaidInRow, form: SentForm, now: number): readonly RecordedCall[] {
  const settles = loneProfilesIn(row);
  const calls: RecordedCall[] = [];
  for (const { choices } of choicesOf(policy, row, now)) {
    for (const { name, purpose, channel, isOn } of choices) {
      const wanted = !form.isNothing && form.on.has(name);
      if (wanted === isOn) continue;
      const properties = { purpose, channel, text_version: policy.textVersion, settles };
      const event = wanted ? touchpointNames.consentGranted : touchpointNames.consentWithdrawn;
      calls.push({ type: 'track', event, properties });
    }
  }
  const wishes = wishesOf(policy, row, form, now);
  if (Object.keys(wishes).length > 0) {
    const properties: JsonObject = { ...wishes, settles };
    calls.push({ type: 'track', event: touchpointNames.preferencesUpdated, properties });
  }
  return calls;
}

function wishesOf(policy: ConsentPolicy, row: SaidInRow, { frequency, pause }: SentForm, now: number) {
  const current = preferencesView(policy, row, now);
  const isKnown = policy.frequencies.some(({ id }) => id === frequency);
  const chosen = current.frequency ?? unlimitedOf(policy);
  const days = pauseDays.get(pause ?? '');
  return {
    ...(isKnown && frequency !== undefined && frequency !== chosen ? { frequency } : {}),
    ...(days === undefined ? {} : { paused_until: new Date(now + days * 86_400_000).toISOString() }),
    ...(pause === 'end' && current.pausedUntil !== null ? { paused_until: '' } : {}),
  };
}

/** What counts for who chose nothing. */
export function unlimitedOf(policy: ConsentPolicy): string | null {
  return policy.frequencies.find(({ limit }) => limit === null)?.id ?? null;
}
