import { Liquid } from 'liquidjs';
import type { ConsentPolicy } from '@rapport/profile';
import { preferencesView } from '../consents/consents-view.js';
import type { ProfileRow } from '../profiles/profile.store.js';
import { choicesOf, pauseDays, unlimitedOf } from './choices.js';

const head = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>{{ title }}</title>
    <style>
      body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 38rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff; }
      fieldset { border: 1px solid #767676; border-radius: .375rem; margin: 0 0 1.25rem; padding: .75rem 1rem; }
      fieldset.topic { margin-left: 1.5rem; }
      legend { font-weight: 600; padding: 0 .375rem; }
      label { display: block; padding: .375rem 0; }
      input[type=checkbox], input[type=radio] { width: 1.25rem; height: 1.25rem; vertical-align: -.25rem; margin-right: .5rem; }
      select { font: inherit; padding: .375rem; }
      button { font: inherit; padding: .625rem 1.25rem; margin: 0 .75rem .75rem 0; border: 1px solid #0b4f8a; border-radius: .375rem; background: #0b4f8a; color: #fff; }
      button.plain { background: #fff; color: #0b4f8a; }
      button:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid #c25400; outline-offset: 2px; }
      p.hint { margin: 0 0 .25rem; color: #474747; }
      p.saved { border-left: .25rem solid #1a6b2d; padding: .5rem .75rem; background: #eef7f0; }
    </style>
  </head>
  <body>
    <main>
      <h1>{{ title }}</h1>`;
const foot = `
    </main>
  </body>
</html>
`;

const engine = new Liquid({ templates: {}, ownPropertyOnly: true, outputEscape: 'escape' });
const pages = {
  preferences: engine.parse(`${head}
      {%- if saved %}
      <p class="saved" role="status">Your choices are saved. They count from now on.</p>
      {%- endif %}
      {%- if pausedUntil %}
      <p>Messages are paused until <time datetime="{{ pausedUntil }}">{{ pausedUntil | slice: 0, 10 }}</time>.</p>
      {%- endif %}
      <p>Choose what we may send you and use your data for. Messages about your orders and your account always reach you.</p>
      <form method="post">
        {%- for purpose in purposes %}
        <fieldset{% if purpose.isTopic %} class="topic"{% endif %}>
          <legend>{{ purpose.name }}</legend>
          <p class="hint">{{ purpose.description }}</p>
          {%- for choice in purpose.choices %}
          <label><input type="checkbox" name="on" value="{{ choice.name }}"{% if choice.isOn %} checked{% endif %}>{{ choice.label }}</label>
          {%- endfor %}
        </fieldset>
        {%- endfor %}
        <fieldset>
          <legend>How often</legend>
          {%- for frequency in frequencies %}
          <label><input type="radio" name="frequency" value="{{ frequency.id }}"{% if frequency.id == chosen %} checked{% endif %}>{{ frequency.name }}</label>
          {%- endfor %}
        </fieldset>
        <fieldset>
          <legend>Pause</legend>
          <label for="pause">No offers and news for a while</label>
          <select id="pause" name="pause">
            <option value="">{% if pausedUntil %}Leave the pause as it is{% else %}No pause{% endif %}</option>
            {%- if pausedUntil %}
            <option value="end">End the pause now</option>
            {%- endif %}
            {%- for days in pauses %}
            <option value="{{ days }}">{{ days }} days from today</option>
            {%- endfor %}
          </select>
        </fieldset>
        <button type="submit">Save my choices</button>
        <button type="submit" class="plain" name="action" value="nothing">Refuse everything</button>
      </form>${foot}`),
  unsubscribe: engine.parse(`${head}
      <p>Do you wish to receive no more messages of this kind: {{ purpose }} by {{ channel }}?</p>
      <form method="post"><button type="submit">Unsubscribe</button></form>
      <p><a href="{{ preferencesUrl }}">Choose what you receive instead</a></p>${foot}`),
  unsubscribed: engine.parse(`${head}
      <p role="status">You will receive no more messages of this kind: {{ purpose }} by {{ channel }}.</p>
      <p><a href="{{ preferencesUrl }}">Change what you receive</a></p>${foot}`),
  gone: engine.parse(`${head}
      <p>This link is not valid any more. Use the link of a newer message, or write to us.</p>${foot}`),
};

export function preferencePage(
  policy: ConsentPolicy,
  row: Pick<ProfileRow, 'consents' | 'preferences'>,
  now: number,
  saved: boolean,
): string {
  const { frequency, pausedUntil } = preferencesView(policy, row, now);
  return render('preferences', {
    title: 'Your preferences',
    saved,
    pausedUntil,
    purposes: choicesOf(policy, row, now),
    frequencies: policy.frequencies,
    chosen: frequency ?? unlimitedOf(policy),
    pauses: [...pauseDays.keys()],
  });
}

export interface UnsubscribePage {
  readonly purpose: string;
  readonly channel: string;
  readonly preferencesUrl: string;
}

/** Names of purpose and channel as people know them. */
export function namesOf(policy: ConsentPolicy, { purpose, channel }: { purpose: string; channel: string }) {
  return {
    purpose: purpose === 'all' ? 'everything' : (policy.purposes.find(({ id }) => id === purpose)?.name ?? purpose),
    channel:
      channel === 'all'
        ? 'any channel'
        : (policy.channels.find(({ id }) => id === channel)?.name ?? channel).toLowerCase(),
  };
}

export function unsubscribePage(page: UnsubscribePage): string {
  return render('unsubscribe', { title: 'Unsubscribe', ...page });
}

export function unsubscribedPage(page: UnsubscribePage): string {
  return render('unsubscribed', { title: 'You are unsubscribed', ...page });
}

export function gonePage(): string {
  return render('gone', { title: 'This link has expired' });
}

function render(page: keyof typeof pages, values: object): string {
  return String(engine.renderSync(pages[page], values));
}
