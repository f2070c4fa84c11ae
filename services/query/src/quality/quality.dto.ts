import { ApiProperty } from '@nestjs/swagger';

export class SourceQualityDto {
  @ApiProperty({ example: 'web' })
  readonly source!: string;

  @ApiProperty({ description: 'Accepted, each counted once' })
  readonly touchpoints!: number;

  @ApiProperty({ description: 'Refused, and kept aside with the reason' })
  readonly rejected!: number;

  @ApiProperty({ description: 'rejected / (touchpoints + rejected)' })
  readonly rejectionRate!: number;

  @ApiProperty({ description: 'Share of the touchpoints received that had been received before' })
  readonly duplicateRate!: number;

  @ApiProperty({ description: 'Share of the touchpoints that break the tracking plan' })
  readonly violationRate!: number;

  @ApiProperty({ description: 'Share of the touchpoints of which a time, a text or a number was mended' })
  readonly mendedRate!: number;

  @ApiProperty({ description: 'Share of the touchpoints that name a userId' })
  readonly identifiedRate!: number;

  @ApiProperty({ format: 'date-time', nullable: true, description: 'How fresh the source is' })
  readonly lastReceivedAt!: string | null;

  @ApiProperty({ description: 'Median seconds from the touchpoint to its arrival, imported history left out' })
  readonly medianDelaySeconds!: number;
}

export class PlanViolationDto {
  @ApiProperty({ example: 'web' })
  readonly source!: string;

  @ApiProperty({ example: 'Order Completed' })
  readonly event!: string;

  @ApiProperty({ example: 'order_id:required' })
  readonly rule!: string;

  @ApiProperty()
  readonly touchpoints!: number;

  @ApiProperty({ format: 'date-time' })
  readonly lastReceivedAt!: string;
}

export class IncompletePropertyDto {
  @ApiProperty({ example: 'web' })
  readonly source!: string;

  @ApiProperty({ example: 'Order Completed' })
  readonly event!: string;

  @ApiProperty({ example: 'currency' })
  readonly property!: string;

  @ApiProperty({ description: 'Touchpoints of the event' })
  readonly touchpoints!: number;

  @ApiProperty({ description: 'Share of them with a value, from 0 to 1' })
  readonly completeness!: number;
}

export class RefusalDto {
  @ApiProperty({ example: 'web' })
  readonly source!: string;

  @ApiProperty({ example: 'plan-violation' })
  readonly reason!: string;

  @ApiProperty({
    description: 'What is wrong, where, and how to mend it; never a value',
    example: 'order_id is missing',
  })
  readonly detail!: string;

  @ApiProperty()
  readonly touchpoints!: number;

  @ApiProperty({ format: 'date-time' })
  readonly lastReceivedAt!: string;
}

export class UnusedTraitDto {
  @ApiProperty({ example: 'favourite_colour' })
  readonly trait!: string;

  @ApiProperty({ description: 'Profiles it was said of' })
  readonly profiles!: number;

  @ApiProperty({ format: 'date-time' })
  readonly lastReceivedAt!: string;
}

export class QualityDto {
  @ApiProperty({ type: [SourceQualityDto] })
  readonly sources!: readonly SourceQualityDto[];

  @ApiProperty({ type: [PlanViolationDto], description: 'Most frequent first' })
  readonly violations!: readonly PlanViolationDto[];

  @ApiProperty({ type: [RefusalDto], description: 'Why touchpoints were refused, most frequent first' })
  readonly refusals!: readonly RefusalDto[];

  @ApiProperty({ type: [IncompletePropertyDto], description: 'Properties that do not always come, most missed first' })
  readonly incomplete!: readonly IncompletePropertyDto[];

  @ApiProperty({ type: [UnusedTraitDto], description: 'Traits that are sent and that no definition names' })
  readonly unusedTraits!: readonly UnusedTraitDto[];
}
