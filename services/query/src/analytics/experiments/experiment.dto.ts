import { ApiProperty } from '@nestjs/swagger';

const interval = { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 } as const;

export class ExperimentMetricDto {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ enum: ['conversion', 'value'], description: 'Share of people; or money a person' })
  readonly kind!: 'conversion' | 'value';

  @ApiProperty({ example: 'Order Completed' })
  readonly event!: string;

  @ApiProperty({ type: Number, nullable: true, description: 'More money than this a person counts as this much' })
  readonly cap!: number | null;

  @ApiProperty({ description: 'Of money: those who brought none count in the mean' })
  readonly zeros!: boolean;
}

export class ExperimentDefinitionDto {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ nullable: true, type: String })
  readonly description!: string | null;

  @ApiProperty({ description: 'experiment_id of the exposures' })
  readonly experiment!: string;

  @ApiProperty({ description: 'Variation that the others are compared with' })
  readonly control!: string;

  @ApiProperty({ enum: ['sequential', 'fixed'], description: 'sequential: may be looked at any day' })
  readonly test!: 'sequential' | 'fixed';

  @ApiProperty({ example: 0.05 })
  readonly alpha!: number;

  @ApiProperty({
    enum: ['pooled', 'unpooled'],
    description: 'Of a fixed test of shares: with its Newcombe or its Wald interval',
  })
  readonly variance!: 'pooled' | 'unpooled';

  @ApiProperty({ description: 'Seconds after the first exposure in which an outcome counts' })
  readonly windowSeconds!: number;

  @ApiProperty({ type: [ExperimentMetricDto] })
  readonly metrics!: readonly ExperimentMetricDto[];
}

export class SampleRatioDto {
  @ApiProperty()
  readonly chiSquare!: number;

  @ApiProperty()
  readonly degreesOfFreedom!: number;

  @ApiProperty()
  readonly p!: number;

  @ApiProperty({ description: 'The people are not split as declared (p < 0.001): trust no comparison' })
  readonly mismatch!: boolean;
}

export class ArmDto {
  @ApiProperty()
  readonly variation!: string;

  @ApiProperty()
  readonly people!: number;

  @ApiProperty({ description: 'People with at least one outcome' })
  readonly converted!: number;

  @ApiProperty({ description: 'Share of people, or money a person' })
  readonly mean!: number;

  @ApiProperty({ ...interval, nullable: true, description: 'Of a share (Wilson); null for money' })
  readonly interval!: readonly [number, number] | null;

  @ApiProperty({ example: '120.5', description: 'Money of all, exact decimal' })
  readonly value!: string;
}

export class MetricResultDto {
  @ApiProperty({ type: ExperimentMetricDto })
  readonly metric!: ExperimentMetricDto;

  @ApiProperty({ type: [ArmDto] })
  readonly arms!: readonly ArmDto[];
}

export class EstimateDto {
  @ApiProperty()
  readonly estimate!: number;

  @ApiProperty()
  readonly standardError!: number;

  @ApiProperty(interval)
  readonly interval!: readonly [number, number];
}

export class AdjustedEstimateDto extends EstimateDto {
  @ApiProperty()
  readonly p!: number;

  @ApiProperty({ description: 'Weight of the money before the exposure (CUPED)' })
  readonly theta!: number;
}

export class ComparisonDto {
  @ApiProperty({ description: 'Id of the metric' })
  readonly metric!: string;

  @ApiProperty()
  readonly variation!: string;

  @ApiProperty({ example: 'confidence sequence' })
  readonly method!: string;

  @ApiProperty({ type: EstimateDto, nullable: true, description: 'Variation less control; null when nothing varies' })
  readonly difference!: EstimateDto | null;

  @ApiProperty({ type: EstimateDto, nullable: true, description: 'The difference in parts of the control' })
  readonly lift!: EstimateDto | null;

  @ApiProperty({ type: Number, nullable: true })
  readonly p!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'For reading all comparisons together (Holm)' })
  readonly adjustedP!: number | null;

  @ApiProperty({ description: 'adjustedP is below alpha, and there are enough people' })
  readonly significant!: boolean;

  @ApiProperty({ type: Number, nullable: true, description: 'That the variation is better, from a flat prior' })
  readonly chanceToWin!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Difference x people of the variation' })
  readonly incremental!: number | null;

  @ApiProperty({ type: AdjustedEstimateDto, nullable: true, description: 'Difference of money, with CUPED' })
  readonly adjusted!: AdjustedEstimateDto | null;

  @ApiProperty({ description: 'Too few people for the test to be believed' })
  readonly tooFew!: boolean;
}

export class ExperimentDto {
  @ApiProperty({ type: ExperimentDefinitionDto })
  readonly definition!: ExperimentDefinitionDto;

  @ApiProperty({ format: 'date-time' })
  readonly from!: string;

  @ApiProperty({ format: 'date-time' })
  readonly to!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' }, description: 'By variation' })
  readonly people!: Readonly<Record<string, number>>;

  @ApiProperty({ description: 'People who saw several variations; they are left out' })
  readonly mixedPeople!: number;

  @ApiProperty({ type: SampleRatioDto, nullable: true })
  readonly sampleRatio!: SampleRatioDto | null;

  @ApiProperty({ type: [MetricResultDto] })
  readonly metrics!: readonly MetricResultDto[];

  @ApiProperty({ type: [ComparisonDto] })
  readonly comparisons!: readonly ComparisonDto[];
}
