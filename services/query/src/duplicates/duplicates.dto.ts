import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

export class DuplicatesOptionsDto {
  @ApiPropertyOptional({ minimum: 1, maximum: 1_000, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly limit: number = 100;
}

export class DuplicateParamsDto {
  @ApiProperty({ format: 'uuid', description: 'Id of the suggestion' })
  @IsUUID()
  readonly id!: string;
}

export class DuplicateEvidenceDto {
  @ApiProperty({ example: 'last_name' })
  readonly field!: string;

  @ApiProperty({ description: '0: the same; up to 4: unlike' })
  readonly level!: number;

  @ApiProperty({ description: 'Above zero it speaks for one person' })
  readonly bits!: number;

  @ApiProperty({
    type: [String],
    description: 'What the two profiles say now, in the order of profileIds; null where one says nothing any more',
    example: ['Smith', 'Smyth'],
  })
  readonly values!: readonly [string | null, string | null];
}

export class DuplicateDto {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ type: [String], description: 'The two profiles' })
  readonly profileIds!: readonly [string, string];

  @ApiProperty({ minimum: 0, maximum: 1 })
  readonly probability!: number;

  @ApiProperty({
    description: 'Their own evidence would not do: others who are suggested with both lead from the one to the other',
  })
  readonly isByGroup!: boolean;

  @ApiProperty({ type: [DuplicateEvidenceDto], description: 'Strongest first' })
  readonly evidence!: readonly DuplicateEvidenceDto[];

  @ApiProperty({ format: 'date-time' })
  readonly foundAt!: string;
}

export class DuplicatesDto {
  @ApiProperty({
    format: 'date-time',
    nullable: true,
    description: 'When the newest search ended; null before the first',
  })
  readonly searchedAt!: string | null;

  @ApiProperty({ description: 'Profiles that were compared' })
  readonly profiles!: number;

  @ApiProperty({ description: 'Bits of evidence a suggestion needed' })
  readonly neededBits!: number;

  @ApiProperty({ type: [DuplicateDto], description: 'Most probable first' })
  readonly suggestions!: readonly DuplicateDto[];
}

export class DuplicateDecisionDto {
  @ApiProperty({ format: 'uuid' })
  readonly decisionId!: string;
}
