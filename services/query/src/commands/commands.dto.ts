import type { JsonObject } from '@rapport/events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsNotEmpty, IsNotEmptyObject, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';

class CommandDto {
  @ApiPropertyOptional({ format: 'date-time', description: 'When it happened; now where absent' })
  @IsOptional()
  @IsISO8601()
  readonly timestamp?: string;

  @ApiPropertyOptional({ description: 'A command sent again under the same id counts once', maxLength: 256 })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  readonly messageId?: string;
}

export class SetTraitsDto extends CommandDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Traits by name; null clears one',
    example: { plan: 'pro' },
  })
  @IsObject()
  @IsNotEmptyObject()
  readonly traits!: JsonObject;
}

export class AssignOwnerDto extends CommandDto {
  @ApiProperty({ example: 'grace', description: 'Who owns the next step, as your own systems call them' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly ownerId!: string;

  @ApiPropertyOptional({ example: 'Grace Hopper' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly ownerName?: string;
}

export class RecordTouchpointDto extends CommandDto {
  @ApiProperty({ example: 'Meeting Held', description: 'Name of the event' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_024)
  readonly event!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  readonly properties?: JsonObject;
}
