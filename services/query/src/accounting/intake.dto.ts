import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsOptional } from 'class-validator';

export class IntakePeriodDto {
  @ApiPropertyOptional({ format: 'date-time', description: 'Hours from here on; without it from the beginning' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Hours before this; without it up to now' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly to?: string;
}

/** What became of the touchpoints of a source in an hour: received = resolved + duplicates + erased. */
export class IntakeDto {
  @ApiProperty()
  readonly sourceId!: string;

  @ApiProperty({ format: 'date-time', description: 'Hour of receivedAt' })
  readonly receivedHour!: Date;

  @ApiProperty({ description: 'Touchpoints on the log that resolve has read; rejected ones never come this far' })
  readonly received!: number;

  @ApiProperty()
  readonly resolved!: number;

  @ApiProperty({ description: 'Messages seen before under the same messageId' })
  readonly duplicates!: number;

  @ApiProperty({ description: 'Those of the duplicates that said something else than the message kept' })
  readonly conflicts!: number;

  @ApiProperty({ description: 'Touchpoints whose person was erased before they were resolved' })
  readonly erased!: number;
}
