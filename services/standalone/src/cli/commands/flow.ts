import { topicNames, topics, type TopicDefinition } from '@rapport/events';
import { Command } from 'commander';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

/** `rapport flow`: every topic with its key, its events, who appends to it and who reads it. */
export function flowCommand(terminal: Terminal): Command {
  return new Command('flow')
    .description('print the topics: keys, events, producers and consumers')
    .option('--json', 'print JSON')
    .option('--mermaid', 'print a Mermaid diagram, for a Markdown page')
    .action((options: { readonly json?: boolean; readonly mermaid?: boolean }) => {
      if (options.json) terminal.print(JSON.stringify(flow(), null, 2));
      else terminal.print(options.mermaid ? mermaid() : table());
    });
}

type FlowTopic = TopicDefinition & { readonly topic: string };

function flow(): FlowTopic[] {
  return topicNames.map((topic) => ({ topic, ...topics[topic] }));
}

function table(): string {
  const columns = ['topic', 'key', 'events', 'appended by', 'read by'].map((title) => ({ title }));
  const rows = flow().map(({ topic, key, events, producers, consumers, cleanup }) => [
    cleanup === 'compact' ? `${topic} (compacted)` : topic,
    key,
    events.join(', ') || 'the original record',
    producers.length > 4 ? `${producers.length} services` : producers.join(', '),
    consumers.length > 5 ? `${consumers.length} services` : consumers.join(', ') || '-',
  ]);
  return textTable(columns, rows);
}

function mermaid(): string {
  const lines = flow().flatMap(({ topic, producers, consumers }) => [
    `  ${topic}[(${topic})]`,
    ...producers.map((service) => `  ${service} --> ${topic}`),
    ...consumers.map((service) => `  ${topic} --> ${service}`),
  ]);
  return ['flowchart LR', ...lines].join('\n');
}
