import { BadRequestException, Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { parseDuration } from '@rapport/events';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { findDefinition } from '../find-definition.js';
import { WorkspacePeriods } from '../workspace-periods.js';
import { loadAttributions, type AttributionDefinition } from './attribution-definition.js';
import type { AttributionDefinitionDto, AttributionDto, AttributionOptionsDto } from './attribution.dto.js';
import { readAttribution, TooManyLabelsError, type Attribution } from './read-attribution.js';

export class GetAttribution extends Query<AttributionDto> {
  constructor(
    readonly workspaceId: string,
    readonly id: string,
    readonly options: AttributionOptionsDto,
  ) {
    super();
  }
}

@QueryHandler(GetAttribution)
export class GetAttributionHandler implements IQueryHandler<GetAttribution> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    private readonly periods: WorkspacePeriods,
  ) {}

  async execute({ workspaceId, id, options }: GetAttribution): Promise<AttributionDto> {
    const declared = findDefinition(await loadAttributions(this.platform.config), id, 'attribution');
    const definition: AttributionDefinition = {
      ...declared,
      ...(options.by && { by: options.by }),
      ...(options.lookBack && { lookBackMs: parseDuration(options.lookBack) }),
    };
    const period = this.periods.period(workspaceId, options.period);
    const attribution = await readAttribution(this.platform.clickhouse, workspaceId, definition, period).catch(
      (error: unknown) => {
        if (error instanceof TooManyLabelsError) throw new BadRequestException(error.message);
        throw error;
      },
    );
    return {
      definition: definitionView(definition),
      ...{ from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString() },
      ...attributionView(attribution),
    };
  }
}

export class ListAttributions extends Query<readonly AttributionDefinitionDto[]> {}

@QueryHandler(ListAttributions)
export class ListAttributionsHandler implements IQueryHandler<ListAttributions> {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async execute(): Promise<readonly AttributionDefinitionDto[]> {
    return (await loadAttributions(this.platform.config)).map(definitionView);
  }
}

function definitionView({ lookBackMs, halfLifeMs, ...definition }: AttributionDefinition): AttributionDefinitionDto {
  return { ...definition, lookBackSeconds: lookBackMs / 1000, halfLifeSeconds: halfLifeMs / 1000 };
}

function attributionView({ conversions, value, models, removalEffects }: Attribution) {
  return {
    conversions,
    value: value.toFixed(4),
    models: models.map(({ model, credits }) => ({
      model,
      credits: credits.map((credit) => ({
        label: credit.label,
        conversions: credit.conversions.toString(),
        value: credit.value.toFixed(4),
      })),
    })),
    removalEffects: Object.fromEntries(removalEffects),
  };
}
