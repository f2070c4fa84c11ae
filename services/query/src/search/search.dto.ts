import type { JsonObject } from '@rapport/events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { PageOptionsDto } from '../paging/page.dto.js';

export class SearchOptionsDto extends PageOptionsDto {
  @ApiPropertyOptional({ description: 'A trait that is declared with search: true', example: 'plan' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  readonly trait?: string;

  @ApiPropertyOptional({ description: 'A computed trait that is declared with search: true' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  readonly computedTrait?: string;

  @ApiPropertyOptional({ description: 'Value of the trait, whatever its case', example: 'pro' })
  @ValidateIf((options: SearchOptionsDto) => options.trait !== undefined || options.computedTrait !== undefined)
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly value?: string;

  @ApiPropertyOptional({ description: 'A lifecycle stage', example: 'loyal' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  readonly stage?: string;
}

export class FoundProfileDto {
  @ApiProperty({ format: 'uuid' })
  readonly profileId!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  readonly traits!: JsonObject;

  @ApiProperty({ type: String, nullable: true, example: 'loyal' })
  readonly stage!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastSeenAt!: string | null;
}

export class FoundProfilesDto {
  @ApiProperty({ type: [FoundProfileDto], description: 'By profile id' })
  readonly items!: readonly FoundProfileDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page' })
  readonly nextCursor!: string | null;
}
