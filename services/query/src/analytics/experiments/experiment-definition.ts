import path from 'node:path';
import { parseDuration } from '@rapport/events';
import { DefinitionError, loadDefinitions, type RapportConfig } from '@rapport/runtime';
import { refuseRepeatedIds } from '../repeated-ids.js';

export interface ExperimentMetric {
  readonly id: string;
  readonly name: string;
  /** Share of people who did it; or money a person. */
  readonly kind: 'conversion' | 'value';
  readonly event: string;
  /** More money than this a person counts as this much. */
  readonly cap: number | null;
  /** Of money: whether those who brought none count in the mean. */
  readonly zeros: boolean;
}

/** An experiment, as its YAML file says it, defaults filled in. */
export interface ExperimentDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** `experiment_id` of the exposures. */
  readonly experiment: string;
  /** Variation that the others are compared with. */
  readonly control: string;
  /** Weight by variation; null: even over those seen. */
  readonly split: Readonly<Record<string, number>> | null;
  /** First and last day, `YYYY-MM-DD` in the time zone of the workspace. */
  readonly from: string | null;
  readonly to: string | null;
  readonly windowMs: number;
  /** Time before the exposure that is looked at for CUPED; 0: none. */
  readonly beforeMs: number;
  readonly test: 'sequential' | 'fixed';
  readonly tuning: number;
  readonly alpha: number;
  /** Of a fixed test of shares: one variance for both arms, as if there were no effect, or that of each. */
  readonly variance: 'pooled' | 'unpooled';
  readonly metrics: readonly ExperimentMetric[];
}

interface ExperimentFile extends Partial<
  Pick<ExperimentDefinition, 'experiment' | 'split' | 'from' | 'to' | 'test' | 'tuning' | 'alpha' | 'variance'>
> {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly control: string;
  readonly window?: string;
  readonly before?: string;
  readonly metrics: readonly (Omit<ExperimentMetric, 'name' | 'cap' | 'zeros'> & {
    readonly name?: string;
    readonly cap?: number;
    readonly zeros?: boolean;
  })[];
}

/** The experiments under `deploy/definitions/experiments`. Throws `DefinitionError` with every fault of every file. */
export async function loadExperiments(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
): Promise<readonly ExperimentDefinition[]> {
  const files = await loadDefinitions<ExperimentFile>({
    folder: path.join(config.definitionsDir, 'experiments'),
    schemaFile: path.join(config.schemasDir, 'definitions', 'experiment.schema.json'),
  });
  refuseRepeatedIds(files);
  const faults = files.flatMap(({ value, faultAt }) => [
    ...(value.split && !(value.control in value.split)
      ? [faultAt(['split'], `lacks the control "${value.control}"; give its weight too`)]
      : []),
    ...(value.from && value.to && value.to < value.from
      ? [faultAt(['to'], 'lies before "from"; swap the two, or mend one')]
      : []),
  ]);
  if (faults.length > 0) throw new DefinitionError(faults);
  return files.map(({ value }) => experimentFrom(value));
}

function experimentFrom({ window, before, metrics, ...file }: ExperimentFile): ExperimentDefinition {
  return {
    ...{ id: file.id, name: file.name, description: file.description ?? null, control: file.control },
    ...{ experiment: file.experiment ?? file.id, split: file.split ?? null },
    ...{ from: file.from ?? null, to: file.to ?? null },
    windowMs: parseDuration(window ?? '14 days'),
    beforeMs: before === undefined ? 0 : parseDuration(before),
    ...{ test: file.test ?? 'sequential', tuning: file.tuning ?? 5000, alpha: file.alpha ?? 0.05 },
    variance: file.variance ?? 'pooled',
    metrics: metrics.map((metric) => ({
      ...metric,
      ...{ name: metric.name ?? metric.id, cap: metric.cap ?? null, zeros: metric.zeros ?? true },
    })),
  };
}
