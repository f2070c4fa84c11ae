import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { identifierLength } from '../profiles/identifier-length.js';

const anIdentifier =
  'An identifier as type:value (email:ada@example.com, external:crm:42), a value alone, whose types are tried from the strongest on, or a profile id';

const refusalReasons = [
  ...(['over-limit', 'attach-only', 'shared', 'too-many-links'] as const),
  ...(['profile-too-large', 'entangled', 'kept-apart'] as const),
];

export class IdentifierParamsDto {
  @ApiProperty({ description: `${anIdentifier}; URL-encoded`, example: 'email:ada@example.com' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(identifierLength)
  readonly identifier!: string;
}

export class PreviewOptionsDto {
  @ApiProperty({ description: anIdentifier, example: 'userId:bob' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(identifierLength)
  readonly with!: string;
}

export class LinkDto extends PreviewOptionsDto {}

export class SplitDto {
  @ApiPropertyOptional({
    description: `${anIdentifier}. Without it the identifier is parted from all that it ever came with.`,
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(identifierLength)
  readonly from?: string;
}

export class QuarantineOptionsDto {
  @ApiPropertyOptional({ enum: refusalReasons })
  @IsOptional()
  @IsIn(refusalReasons)
  readonly reason?: (typeof refusalReasons)[number];

  @ApiPropertyOptional({ minimum: 1, maximum: 1000, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly limit?: number;
}

export class IdentifierDto {
  @ApiProperty({ example: 'email' })
  readonly type!: string;

  @ApiProperty({ description: 'Keyed hash of the normalised value, as on the topic identities' })
  readonly hash!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The value, where the profile holds it' })
  readonly value!: string | null;
}

export class GraphIdentifierDto extends IdentifierDto {
  @ApiProperty({ format: 'date-time' })
  readonly firstSeenAt!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'How many identifiers of each type it was seen with',
    example: { anonymousId: 2 },
  })
  readonly seenWith!: Readonly<Record<string, number>>;

  @ApiProperty({
    type: String,
    nullable: true,
    enum: ['shared', 'entangled'],
    description: 'Why it is quarantined whole',
  })
  readonly quarantined!: 'shared' | 'entangled' | null;
}

export class LinkEndDto extends IdentifierDto {
  @ApiProperty({ format: 'uuid', description: 'Whose it is' })
  readonly profileId!: string;
}

export class GraphLinkDto {
  @ApiProperty({ type: LinkEndDto })
  readonly first!: LinkEndDto;

  @ApiProperty({ type: LinkEndDto })
  readonly second!: LinkEndDto;

  @ApiProperty({ format: 'date-time', description: 'When they first came together' })
  readonly since!: string;

  @ApiProperty({ enum: ['seen-together', 'declared', 'decided'], description: 'How they came together' })
  readonly by!: 'seen-together' | 'declared' | 'decided';

  @ApiProperty({
    type: String,
    nullable: true,
    enum: refusalReasons,
    description: 'Why it does not join them; null if it does',
  })
  readonly quarantined!: string | null;
}

/** The identifiers of a person and what links them. */
export class IdentityGraphDto {
  @ApiProperty({ format: 'uuid' })
  readonly profileId!: string;

  @ApiProperty({ type: [GraphIdentifierDto] })
  readonly identifiers!: readonly GraphIdentifierDto[];

  @ApiProperty({ type: [GraphLinkDto], description: 'Those that join first, then those in quarantine' })
  readonly links!: readonly GraphLinkDto[];

  @ApiProperty({ description: 'True where there is more than is shown' })
  readonly isCut!: boolean;
}

export class QuarantinedLinkDto {
  @ApiProperty({ type: LinkEndDto })
  readonly first!: LinkEndDto;

  @ApiProperty({ type: LinkEndDto })
  readonly second!: LinkEndDto;

  @ApiProperty({ format: 'date-time' })
  readonly since!: string;

  @ApiProperty({ enum: refusalReasons })
  readonly reason!: string;
}

export class PreviewedProfileDto {
  @ApiProperty({ format: 'uuid' })
  readonly profileId!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { userId: 1, email: 2 } })
  readonly identifiers!: Readonly<Record<string, number>>;

  @ApiProperty({ type: Number, nullable: true, description: 'null where the analytics store does not answer' })
  readonly touchpoints!: number | null;
}

export class ConsentConflictDto {
  @ApiProperty({ example: 'marketing' })
  readonly purpose!: string;

  @ApiProperty({ example: 'email' })
  readonly channel!: string;

  @ApiProperty({ type: [String], description: 'What each profile says, in the order of profiles' })
  readonly statuses!: readonly string[];
}

/** What a link would do. Nothing is changed. */
export class LinkPreviewDto {
  @ApiProperty({ description: 'Whether the two would be one person' })
  readonly joins!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why not; null where they would be, or are already' })
  readonly refusal!: string | null;

  @ApiProperty({ format: 'uuid', description: 'The profile that the first would live on in' })
  readonly survivorId!: string;

  @ApiProperty({
    type: [PreviewedProfileDto],
    description: 'The profiles that would be joined; one where they are one already',
  })
  readonly profiles!: readonly PreviewedProfileDto[];

  @ApiProperty({ type: [ConsentConflictDto], description: 'What they disagree on; the most restrictive would hold' })
  readonly consentConflicts!: readonly ConsentConflictDto[];
}

export class DecisionDto {
  @ApiProperty({ format: 'uuid' })
  readonly decisionId!: string;

  @ApiProperty({ enum: ['link', 'split'] })
  readonly kind!: 'link' | 'split';

  @ApiProperty({ type: [IdentifierDto], description: 'The first and each of the others are one person, or are not' })
  readonly identifiers!: readonly { readonly type: string; readonly hash: string }[];
}
