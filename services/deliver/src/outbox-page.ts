import { Liquid } from 'liquidjs';
import type { OutboxEntry } from './outbox.store.js';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Outbox - Rapport</title>
    <style>
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff; }
      article { border-top: 1px solid #949494; padding: 1rem 0; }
      h2 { font-size: 1.125rem; margin: 0; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .5rem 0; }
      dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f3f3f3; padding: .75rem; margin: 0; }
    </style>
  </head>
  <body>
    <main>
      <h1>Outbox</h1>
      <p>{{ sent }} sent{% if entries.size < sent %}; the newest {{ entries.size }} are shown{% endif %}. Nothing leaves this machine.</p>
      {%- for entry in entries %}
      <article>
        <h2>{% if entry.message %}{{ entry.message.subject }}{% elsif entry.reason %}Not sent: {{ entry.reason }}{% else %}Erased{% endif %}</h2>
        <dl>
          {%- if entry.message %}
          <dt>To</dt><dd>{{ entry.message.to }}</dd>
          {%- endif %}
          <dt>When</dt><dd><time datetime="{{ entry.sentAt }}">{{ entry.sentAt }}</time></dd>
          <dt>Why</dt><dd>journey {{ entry.journeyId }}, step {{ entry.stepId }}, template {{ entry.templateId }}</dd>
          <dt>Profile</dt><dd>{{ entry.profileId }}</dd>
        </dl>
        {%- if entry.message %}
        <pre>{{ entry.message.text }}</pre>
        {%- endif %}
      </article>
      {%- else %}
      <p>No message yet. One appears here when a journey sends it.</p>
      {%- endfor %}
    </main>
  </body>
</html>
`;

const engine = new Liquid({ templates: {}, ownPropertyOnly: true, outputEscape: 'escape' });
const parsed = engine.parse(page);

/** The outbox for a person to read; everything that came from elsewhere is escaped. */
export function outboxPage(outbox: { readonly sent: number; readonly entries: readonly OutboxEntry[] }): string {
  return String(engine.renderSync(parsed, outbox));
}
