import { touchpointTypes, type TouchpointType } from '@rapport/events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PageOptionsDto } from '../paging/page.dto.js';
import { TouchpointDto, type IdentifierType } from '../profiles/profile.dto.js';

const asList = ({ value }: { value: unknown }): unknown => (value === undefined ? undefined : [value].flat());

export class TimelineOptionsDto extends PageOptionsDto {
  @ApiPropertyOptional({ description: 'What the identifier is: profileId or a type of the identity rules' })
  @IsOptional()
  @Matches(/^[\w.:-]{1,64}$/)
  readonly type?: IdentifierType;

  @ApiPropertyOptional({ enum: touchpointTypes, isArray: true, description: 'Touchpoints of these types only' })
  @IsOptional()
  @Transform(asList)
  @IsArray()
  @IsIn(touchpointTypes, { each: true })
  readonly touchpointType?: readonly TouchpointType[];

  @ApiPropertyOptional({
    type: [String],
    description: 'Track events of these names only',
    example: ['Order Completed'],
  })
  @IsOptional()
  @Transform(asList)
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(1_024, { each: true })
  readonly event?: readonly string[];

  @ApiPropertyOptional({ format: 'date-time', description: 'Event time from, inclusive' })
  @IsOptional()
  @IsISO8601()
  readonly from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Event time to, exclusive' })
  @IsOptional()
  @IsISO8601()
  readonly to?: string;

  @ApiPropertyOptional({
    description: 'Also what each one said, read back from the event log; at most 50 on a page',
    enum: ['true', 'false'],
    default: 'false',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  readonly content?: 'true' | 'false';
}

export class TimelineDto {
  @ApiProperty({ type: [TouchpointDto], description: 'Newest first by event time' })
  readonly items!: readonly TouchpointDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page' })
  readonly nextCursor!: string | null;
}
