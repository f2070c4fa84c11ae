import path from 'node:path';
import { parseDuration } from '@rapport/events';
import { loadDefinitions, type RapportConfig } from '@rapport/runtime';
import { refuseRepeatedIds } from '../repeated-ids.js';

export const creditedBy = ['channel', 'source', 'medium', 'campaign'] as const;
export type CreditedBy = (typeof creditedBy)[number];

/** A question of attribution, as its YAML file says it, defaults filled in. */
export interface AttributionDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Name of the track event that counts as a conversion. */
  readonly conversion: string;
  readonly by: CreditedBy;
  readonly lookBackMs: number;
  readonly halfLifeMs: number;
  /** A path begins anew after a conversion. */
  readonly restart: boolean;
  /** Markov: what taking a channel out does, and whether paths that ended in no conversion count (`MarkovOptions`). */
  readonly removal: 'step' | 'path';
  readonly nullPaths: boolean;
}

interface AttributionFile {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly conversion: string;
  readonly by?: CreditedBy;
  readonly look_back?: string;
  readonly half_life?: string;
  readonly restart?: boolean;
  readonly removal?: 'step' | 'path';
  readonly null_paths?: boolean;
}

/** The questions under `deploy/definitions/attribution`. Throws `DefinitionError` with every fault of every file. */
export async function loadAttributions(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<readonly AttributionDefinition[]> {
  const files = await loadDefinitions<AttributionFile>({
    folder: path.join(config.definitionsDir, 'attribution'),
    schemaFile: path.join(config.schemasDir, 'definitions', 'attribution.schema.json'),
  });
  refuseRepeatedIds(files);
  return files.map(({ value }) => ({
    id: value.id,
    name: value.name,
    description: value.description ?? null,
    conversion: value.conversion,
    by: value.by ?? 'channel',
    lookBackMs: parseDuration(value.look_back ?? '30 days'),
    halfLifeMs: parseDuration(value.half_life ?? '7 days'),
    restart: value.restart ?? true,
    removal: value.removal ?? 'step',
    nullPaths: value.null_paths ?? true,
  }));
}
