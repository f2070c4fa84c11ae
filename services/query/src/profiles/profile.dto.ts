import type { JsonObject, JsonValue } from '@rapport/events';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsISO8601,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { identifierLength } from './identifier-length.js';
import { LifecycleDto, RelationshipDto, TraitOriginDto } from './relationship.dto.js';

/** `profileId`, or a type of the identity rules: `userId`, `email`, `external:crm` ... */
export type IdentifierType = string;

export class ProfileParamsDto {
  @ApiProperty({
    description:
      'Any identifier, alone or as type:value (external:crm:42): a profile id, userId, anonymousId, email address, phone number ...; URL-encoded',
    example: 'user-42',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(identifierLength)
  readonly identifier!: string;
}

export class ProfileOptionsDto {
  @ApiPropertyOptional({
    description: 'What the identifier is: profileId or a type of the identity rules. Without it each is tried.',
    example: 'external:crm',
  })
  @IsOptional()
  @Matches(/^[\w.:-]{1,64}$/)
  readonly type?: IdentifierType;
}

export class ProfileAsOfOptionsDto extends ProfileOptionsDto {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'The profile as it stood then: what had been received by that time, and who was one person by then',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly asOf?: string;
}

export class TouchpointsOptionsDto extends ProfileOptionsDto {
  @ApiPropertyOptional({ description: 'How many of the newest', minimum: 1, maximum: 20, default: 20 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(20)
  readonly limit?: number;

  @ApiPropertyOptional({ description: 'Also what each one said, read back from the event log', default: false })
  @IsOptional()
  @Type(() => String)
  @IsIn(['true', 'false'])
  readonly content?: 'true' | 'false';
}

export class RevenueDto {
  @ApiProperty({ example: 'EUR', description: 'ISO 4217' })
  readonly currency!: string;

  @ApiProperty({ example: 3 })
  readonly orders!: number;

  @ApiProperty({ example: '120.50', description: 'Exact decimal' })
  readonly grossRevenue!: string;

  @ApiProperty({ example: '20.50', description: 'Exact decimal' })
  readonly refunded!: string;

  @ApiProperty({ example: '100.00', description: 'Net of refunds; exact decimal' })
  readonly revenue!: string;

  @ApiProperty({ type: String, nullable: true, example: '40.1667', description: 'Gross, an order; exact decimal' })
  readonly averageOrder!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly firstOrderAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastOrderAt!: string | null;
}

export class OrdersDto {
  @ApiProperty({ example: 3, description: 'Distinct orders, of all currencies' })
  readonly count!: number;

  @ApiProperty({ type: [RevenueDto] })
  readonly byCurrency!: readonly RevenueDto[];
}

export class ConsentDto {
  @ApiProperty({ example: 'marketing' })
  readonly purpose!: string;

  @ApiProperty({ example: 'email' })
  readonly channel!: string;

  @ApiProperty({ enum: ['granted', 'denied', 'withdrawn', 'expired'] })
  readonly status!: string;

  @ApiProperty({ format: 'date-time' })
  readonly since!: string;
}

export class MembershipDto {
  @ApiProperty({ example: 'first-time-buyers' })
  readonly segmentId!: string;

  @ApiProperty({ description: 'Whether the person is in the segment now' })
  readonly isMember!: boolean;

  @ApiProperty({ format: 'date-time' })
  readonly since!: string;
}

export class ScoreDto {
  @ApiProperty({ example: 'rfm' })
  readonly scoreId!: string;

  @ApiProperty({ example: 545 })
  readonly value!: number;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' }, example: { recency: 5 } })
  readonly components!: Readonly<Record<string, number>>;

  @ApiProperty({ format: 'date-time' })
  readonly computedAt!: string;
}

export class PositionDto {
  @ApiProperty()
  readonly partition!: number;

  @ApiProperty()
  readonly offset!: number;
}

export class TouchpointDto {
  @ApiProperty({ enum: ['track', 'identify', 'page', 'screen', 'group', 'alias'] })
  readonly type!: string;

  @ApiProperty({ type: String, nullable: true, example: 'Order Completed' })
  readonly event!: string | null;

  @ApiProperty({ format: 'date-time', description: 'Event time' })
  readonly timestamp!: string;

  @ApiProperty({ format: 'date-time' })
  readonly receivedAt!: string;

  @ApiProperty({ type: PositionDto, description: 'Where it stands on the topic touchpoints' })
  readonly position!: PositionDto;

  @ApiPropertyOptional({ description: 'With content only' })
  readonly messageId?: string;

  @ApiPropertyOptional({ description: 'With content only' })
  readonly sourceId?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Identifiers, properties, traits and context as sent; null where the log holds it no more',
  })
  readonly content?: JsonObject | null;
}

export class RecentDeliveryDto {
  @ApiProperty()
  readonly deliveryId!: string;

  @ApiProperty({ example: 'email' })
  readonly channel!: string;

  @ApiProperty()
  readonly journeyId!: string;

  @ApiProperty({ enum: ['sent', 'failed'] })
  readonly status!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly reason!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly timestamp!: string;
}

/** The single customer view of one person. */
@ApiExtraModels(TraitOriginDto)
export class ProfileDto {
  @ApiProperty({ format: 'uuid' })
  readonly profileId!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { email: 'ada@example.com' } })
  readonly traits!: JsonObject;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(TraitOriginDto) },
    description: 'By trait: who said it, when, and whether it is a guess',
  })
  readonly traitOrigins!: Readonly<Record<string, TraitOriginDto>>;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { converted_referrals: 2 },
    description: 'Computed traits as the definitions declare them, as of now; sums and averages are exact decimal text',
  })
  readonly computedTraits!: Readonly<Record<string, JsonValue>>;

  @ApiProperty({ type: LifecycleDto, nullable: true })
  readonly lifecycle!: LifecycleDto | null;

  @ApiProperty({ type: RelationshipDto })
  readonly relationship!: RelationshipDto;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    description: 'Values by type, last seen first',
    example: { userId: ['user-42'] },
  })
  readonly identifiers!: Readonly<Record<string, readonly string[]>>;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    description:
      "Came with the person and are not theirs: somebody else's, or refused by a rule. GET /v1/identities/{identifier} says why",
    example: { anonymousId: ['kiosk'] },
  })
  readonly quarantinedIdentifiers!: Readonly<Record<string, readonly string[]>>;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly firstSeenAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastSeenAt!: string | null;

  @ApiProperty({ type: OrdersDto })
  readonly orders!: OrdersDto;

  @ApiProperty({ type: [ConsentDto] })
  readonly consents!: readonly ConsentDto[];

  @ApiProperty({ type: [MembershipDto] })
  readonly memberships!: readonly MembershipDto[];

  @ApiProperty({ type: [ScoreDto] })
  readonly scores!: readonly ScoreDto[];

  @ApiProperty({ type: [TouchpointDto], description: 'Newest first, at most 20' })
  readonly recentTouchpoints!: readonly TouchpointDto[];

  @ApiProperty({ type: [RecentDeliveryDto], description: 'Newest first, at most 10' })
  readonly recentDeliveries!: readonly RecentDeliveryDto[];
}
