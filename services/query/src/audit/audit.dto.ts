import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class AuditOptionsDto {
  @ApiPropertyOptional({ description: 'Only entries about this: a profile id, an erasure id, a file' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  target?: string;

  @ApiPropertyOptional({ example: 'POST /v1/erasures' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  action?: string;

  @ApiPropertyOptional({ example: 'api-key:3f9c01ab22d4' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  actor?: string;

  @ApiPropertyOptional({ description: 'Only entries before this sequence, for the next page' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  before?: number;

  @ApiPropertyOptional({ minimum: 1, maximum: 1000, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}

export class AuditEntryDto {
  @ApiProperty({ description: 'Counts the entries of the workspace from 1, without gaps' })
  sequence!: number;

  @ApiProperty({ type: String, format: 'date-time' })
  at!: Date;

  @ApiProperty({ example: 'api-key:3f9c01ab22d4' })
  actor!: string;

  @ApiProperty({ example: 'GET /v1/profiles/:identifier' })
  action!: string;

  @ApiProperty({ description: 'A profile id, an erasure id, a file; empty where there is no one thing' })
  target!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  details!: Readonly<Record<string, string>>;

  @ApiProperty({ description: 'SHA-256 in hex over the entry and the hash of the one before' })
  hash!: string;
}

export class ChainFaultDto {
  @ApiProperty()
  sequence!: number;

  @ApiProperty()
  fault!: string;
}

export class AuditVerificationDto {
  @ApiProperty()
  entries!: number;

  @ApiProperty({ description: 'Hash of the newest entry: noted elsewhere, it proves that nothing was cut off since' })
  head!: string;

  @ApiProperty({ type: [ChainFaultDto], description: 'Empty when the chain is whole' })
  faults!: readonly ChainFaultDto[];
}
