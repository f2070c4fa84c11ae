import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Length, Matches } from 'class-validator';
import { periodHelp, periodWanted } from '../period.js';
import { creditedBy, type CreditedBy } from './attribution-definition.js';

export class AttributionOptionsDto {
  @ApiProperty({ description: `Days in the time zone of the workspace: ${periodHelp}`, example: '2010-11' })
  @Length(0, 30, { message: periodWanted })
  readonly period!: string;

  @ApiPropertyOptional({ enum: creditedBy, description: 'What gets the credit, instead of what the definition says' })
  @IsOptional()
  @IsIn(creditedBy)
  readonly by?: CreditedBy;

  @ApiPropertyOptional({ description: 'Look-back, instead of what the definition says', example: '30 days' })
  @IsOptional()
  @Matches(/^\d{1,6} (second|minute|hour|day|week)s?$/, {
    message: 'lookBack is no duration; write for example "30 days"',
  })
  readonly lookBack?: string;
}

export class AttributionDefinitionDto {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ nullable: true, type: String })
  readonly description!: string | null;

  @ApiProperty({ description: 'Event that counts as a conversion', example: 'Order Completed' })
  readonly conversion!: string;

  @ApiProperty({ enum: creditedBy })
  readonly by!: CreditedBy;

  @ApiProperty({ description: 'Seconds before a conversion in which a touch may lie' })
  readonly lookBackSeconds!: number;

  @ApiProperty({ description: 'Seconds in which a touch loses half of its weight (time-decay)' })
  readonly halfLifeSeconds!: number;

  @ApiProperty({ description: 'A path begins anew after a conversion' })
  readonly restart!: boolean;

  @ApiProperty({
    enum: ['step', 'path'],
    description: 'Markov: without a channel a walk ends at the step into it, or whoever touched it converts no more',
  })
  readonly removal!: 'step' | 'path';

  @ApiProperty({ description: 'Markov: paths that ended in no conversion count' })
  readonly nullPaths!: boolean;
}

export class CreditDto {
  @ApiProperty({ description: 'Channel, source, medium or campaign; "(none)" for conversions without a touch' })
  readonly label!: string;

  @ApiProperty({ example: '12.333333333', description: 'Exact decimal; the credits of a model add up to conversions' })
  readonly conversions!: string;

  @ApiProperty({ example: '120.5000', description: 'Exact decimal; the credits of a model add up to value' })
  readonly value!: string;
}

export class ModelCreditsDto {
  @ApiProperty({ example: 'markov' })
  readonly model!: string;

  @ApiProperty({ type: [CreditDto] })
  readonly credits!: readonly CreditDto[];
}

export class AttributionDto {
  @ApiProperty({ type: AttributionDefinitionDto })
  readonly definition!: AttributionDefinitionDto;

  @ApiProperty({ format: 'date-time' })
  readonly from!: string;

  @ApiProperty({ format: 'date-time', description: 'The period ends before this' })
  readonly to!: string;

  @ApiProperty()
  readonly conversions!: number;

  @ApiProperty({ description: 'Exact decimal, of the conversions in the reporting currency of the workspace' })
  readonly value!: string;

  @ApiProperty({ type: [ModelCreditsDto] })
  readonly models!: readonly ModelCreditsDto[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'number' },
    description: 'By label: share of the conversions that is lost without it (Markov)',
  })
  readonly removalEffects!: Readonly<Record<string, number>>;
}
