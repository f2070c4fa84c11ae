import path from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { insertSettings } from '@rapport/analytics-db';
import { loadDefinitions, type RapportConfig } from '@rapport/runtime';

/** What the analytics store needs of a template. */
interface TemplateFile {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  readonly type?: string;
}

/** Writes the declared templates into ClickHouse, where views need the type of a message. The newest `now` counts. */
export async function storeTemplates(
  clickhouse: ClickHouseClient,
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
  now: number,
): Promise<void> {
  const files = await loadDefinitions<TemplateFile>({
    folder: path.join(config.definitionsDir, 'templates'),
    schemaFile: path.join(config.schemasDir, 'definitions', 'template.schema.json'),
  });
  await clickhouse.insert({
    table: 'message_templates',
    columns: ['template_id', 'name', 'channel', 'type', 'loaded_at'],
    values: files.map(({ value: { id, name, channel, type = 'promotional' } }) => [
      ...[id, name, channel, type],
      new Date(now).toISOString().slice(0, 23).replace('T', ' '),
    ]),
    format: 'JSONCompactEachRow',
    clickhouse_settings: insertSettings,
  });
}
