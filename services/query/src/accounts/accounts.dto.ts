import type { JsonObject } from '@rapport/events';
import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { FoundProfilesDto } from '../search/search.dto.js';

export class AccountParamsDto {
  @ApiProperty({ description: 'The groupId as it was sent, URL-encoded', example: 'acme' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_024)
  readonly id!: string;
}

/** A group of people, by what group calls said of it. */
export class AccountDto {
  @ApiProperty({ example: 'acme' })
  readonly accountId!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { name: 'Acme Inc.', employees: 40 } })
  readonly traits!: JsonObject;

  @ApiProperty({ format: 'date-time', description: 'Event time of the first group call' })
  readonly firstSeenAt!: string;

  @ApiProperty({ format: 'date-time', description: 'Event time of the last group call' })
  readonly lastSeenAt!: string;

  @ApiProperty({ description: 'How many people belong to it; counted up to 10,000' })
  readonly memberCount!: number;

  @ApiProperty({ type: FoundProfilesDto, description: 'The members, a page of them' })
  readonly members!: FoundProfilesDto;
}
