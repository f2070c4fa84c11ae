import { ApiProperty } from '@nestjs/swagger';
import { Length } from 'class-validator';
import { periodHelp, periodWanted } from '../period.js';
import type { GoalStatus } from '../../statistics/goal-progress.js';
import type { MetricStatus } from './metric-reading.js';
import { layers, rhythms, type Layer, type Rhythm, type Unit } from './scorecard-definition.js';

const nullableNumber = { type: Number, nullable: true } as const;
const units: readonly Unit[] = ['count', 'share', 'money', 'points', 'stars', 'hours'];

export class ScorecardOptionsDto {
  @ApiProperty({ description: `Days in the time zone of the workspace: ${periodHelp}`, example: '2010-11' })
  @Length(0, 30, { message: periodWanted })
  readonly period!: string;
}

export class ReadingDto {
  @ApiProperty({ format: 'date', description: 'First day of the period' })
  readonly start!: string;

  @ApiProperty(nullableNumber)
  readonly value!: number | null;

  @ApiProperty({ description: 'What the figure rests on' })
  readonly base!: number;
}

export class StandingDto {
  @ApiProperty({ ...nullableNumber, description: 'Null when there is nothing to divide by' })
  readonly value!: number | null;

  @ApiProperty({ description: 'What the figure rests on' })
  readonly base!: number;

  @ApiProperty({ ...nullableNumber, description: 'Mean over the first 30 to 90 days' })
  readonly baseline!: number | null;

  @ApiProperty({
    ...nullableNumber,
    description: 'Null where it is a change of a baseline that is not known yet, or is 0',
  })
  readonly target!: number | null;

  @ApiProperty({ enum: ['on target', 'off target', 'unknown'] })
  readonly status!: MetricStatus;
}

export class PartDto extends StandingDto {
  @ApiProperty({ example: 'google' })
  readonly label!: string;
}

export class MetricReadingDto extends StandingDto {
  @ApiProperty({ example: 'retention' })
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ enum: layers })
  readonly layer!: Layer;

  @ApiProperty({ enum: units, description: 'A share is from 0 to 1' })
  readonly unit!: Unit;

  @ApiProperty({ enum: ['up', 'down'], description: 'Which way is better' })
  readonly good!: 'up' | 'down';

  @ApiProperty({ enum: ['leading', 'lagging'] })
  readonly kind!: 'leading' | 'lagging';

  @ApiProperty()
  readonly definition!: string;

  @ApiProperty()
  readonly owner!: string;

  @ApiProperty({ description: 'What to consider when it moves the wrong way' })
  readonly action!: string;

  @ApiProperty({ ...nullableNumber, description: 'Of the period before' })
  readonly previous!: number | null;

  @ApiProperty({ type: [ReadingDto] })
  readonly history!: readonly ReadingDto[];

  @ApiProperty({ type: [PartDto] })
  readonly parts!: readonly PartDto[];
}

export class RhythmReadingDto {
  @ApiProperty({ enum: rhythms })
  readonly rhythm!: Rhythm;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ example: '2010-W47' })
  readonly period!: string;

  @ApiProperty({ format: 'date' })
  readonly start!: string;

  @ApiProperty({ format: 'date', description: 'The day after the last' })
  readonly end!: string;

  @ApiProperty({ type: [MetricReadingDto] })
  readonly metrics!: readonly MetricReadingDto[];
}

export class GoalReadingDto {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly owner!: string | null;

  @ApiProperty({ enum: rhythms })
  readonly rhythm!: Rhythm;

  @ApiProperty()
  readonly metric!: string;

  @ApiProperty()
  readonly metricName!: string;

  @ApiProperty({ enum: units })
  readonly unit!: Unit;

  @ApiProperty({ format: 'date' })
  readonly from!: string;

  @ApiProperty({ format: 'date' })
  readonly by!: string;

  @ApiProperty({ enum: ['not started', 'no baseline', 'on pace', 'behind', 'reached', 'missed'] })
  readonly status!: GoalStatus;

  @ApiProperty(nullableNumber)
  readonly baseline!: number | null;

  @ApiProperty(nullableNumber)
  readonly target!: number | null;

  @ApiProperty(nullableNumber)
  readonly current!: number | null;

  @ApiProperty({ ...nullableNumber, description: 'Where it should be by now' })
  readonly pace!: number | null;

  @ApiProperty({ ...nullableNumber, description: 'Where it will be on the last day, by the trend' })
  readonly forecast!: number | null;

  @ApiProperty({ ...nullableNumber, description: 'Way done, 0 to 1 and beyond' })
  readonly progress!: number | null;
}

export class UnconvertedMoneyDto {
  @ApiProperty({ example: 'USD' })
  readonly currency!: string;

  @ApiProperty()
  readonly orders!: number;

  @ApiProperty({ description: 'Of orders less refunds', example: '1250.0000' })
  readonly amount!: string;
}

export class ScorecardDto {
  @ApiProperty({ description: 'Name of the workspace' })
  readonly workspace!: string;

  @ApiProperty({ example: '2010-11' })
  readonly period!: string;

  @ApiProperty()
  readonly timeZone!: string;

  @ApiProperty({ description: 'Of money, ISO 4217' })
  readonly currency!: string;

  @ApiProperty({
    type: [UnconvertedMoneyDto],
    description: 'Money of these days that no exchange rate converts: it is in none of the figures',
  })
  readonly unconverted!: readonly UnconvertedMoneyDto[];

  @ApiProperty({ type: [RhythmReadingDto] })
  readonly rhythms!: readonly RhythmReadingDto[];

  @ApiProperty({ type: [GoalReadingDto] })
  readonly goals!: readonly GoalReadingDto[];
}
