import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { findDefinition } from '../find-definition.js';
import { parseDays, periodOf, type Period } from '../period.js';
import { WorkspacePeriods } from '../workspace-periods.js';
import { loadExperiments, type ExperimentDefinition } from './experiment-definition.js';
import type { ExperimentDefinitionDto, ExperimentDto } from './experiment.dto.js';
import { readExperiment } from './read-experiment.js';

/** Years that no exposure lies outside of. */
const always = { from: Date.UTC(1971, 0, 1), to: Date.UTC(2299, 0, 1) };

export class GetExperiment extends Query<ExperimentDto> {
  constructor(
    readonly workspaceId: string,
    readonly id: string,
  ) {
    super();
  }
}

@QueryHandler(GetExperiment)
export class GetExperimentHandler implements IQueryHandler<GetExperiment> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    private readonly periods: WorkspacePeriods,
  ) {}

  async execute({ workspaceId, id }: GetExperiment): Promise<ExperimentDto> {
    const definition = findDefinition(await loadExperiments(this.platform.config), id, 'experiments');
    const { timeZone } = this.periods.workspace(workspaceId);
    const period = experimentPeriod(definition, timeZone);
    const result = await readExperiment(this.platform.clickhouse, workspaceId, definition, period);
    return {
      definition: definitionView(definition),
      ...{ from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString() },
      ...result,
    };
  }
}

export class ListExperiments extends Query<readonly ExperimentDefinitionDto[]> {}

@QueryHandler(ListExperiments)
export class ListExperimentsHandler implements IQueryHandler<ListExperiments> {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async execute(): Promise<readonly ExperimentDefinitionDto[]> {
    return (await loadExperiments(this.platform.config)).map(definitionView);
  }
}

function experimentPeriod({ from, to }: ExperimentDefinition, timeZone: string): Period {
  return {
    from: from === null ? always.from : periodOf(parseDays(from), timeZone).from,
    to: to === null ? always.to : periodOf(parseDays(to), timeZone).to,
  };
}

function definitionView(definition: ExperimentDefinition): ExperimentDefinitionDto {
  const { id, name, description, experiment, control, test, alpha, variance, windowMs, metrics } = definition;
  const asked = { id, name, description, experiment, control, test, alpha, variance, metrics };
  return { ...asked, windowSeconds: windowMs / 1000 };
}
