import { consentStatuses, type ConsentStatus } from '@rapport/events';
import { lawfulBases, type LawfulBasis } from '@rapport/profile';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ProfileOptionsDto } from '../profiles/profile.dto.js';

const name = /^[a-z][a-z0-9-]{0,62}$/;
const nameRule = {
  message: '$property must be an id as in definitions/consent: lower-case letters, digits and dashes',
};

export class ConsentsOptionsDto extends ProfileOptionsDto {
  @ApiPropertyOptional({ description: 'Also every statement ever made, newest first', default: false })
  @IsOptional()
  @IsIn(['true', 'false'])
  readonly history?: 'true' | 'false';
}

export class RecordConsentDto {
  @ApiProperty({ example: 'marketing', description: 'A declared purpose, or "all" to deny or withdraw' })
  @Matches(name, nameRule)
  readonly purpose!: string;

  @ApiPropertyOptional({ example: 'email', description: 'A declared channel; every channel where absent' })
  @IsOptional()
  @Matches(name, nameRule)
  readonly channel?: string;

  @ApiProperty({ enum: consentStatuses })
  @IsIn(consentStatuses)
  readonly status!: ConsentStatus;

  @ApiPropertyOptional({ enum: lawfulBases, default: 'consent' })
  @IsOptional()
  @IsIn(lawfulBases)
  readonly lawfulBasis?: LawfulBasis;

  @ApiPropertyOptional({ example: '2026-05', description: 'Version of the text that was agreed to' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  readonly textVersion?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'From then on the statement says nothing any more' })
  @IsOptional()
  @IsISO8601()
  readonly expiresAt?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'When it was said; now where absent' })
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

export class SaidConsentDto {
  @ApiProperty({ description: 'Whose statement it is, whatever was merged since' })
  readonly loneProfileId!: string;

  @ApiProperty({ example: 'marketing' })
  readonly purpose!: string;

  @ApiProperty({ example: 'email', description: '"all" for every channel' })
  readonly channel!: string;

  @ApiProperty({ enum: consentStatuses })
  readonly status!: string;

  @ApiProperty({ format: 'date-time' })
  readonly timestamp!: string;
}

export class ConsentStandingDto {
  @ApiProperty({ example: 'marketing' })
  readonly purpose!: string;

  @ApiProperty({ example: 'email', description: '"all" for a purpose without channels' })
  readonly channel!: string;

  @ApiProperty({ enum: [...consentStatuses, 'expired', 'unknown'] })
  readonly status!: string;

  @ApiProperty({ description: 'Whether it may be done now' })
  readonly isAllowed!: boolean;

  @ApiProperty({ enum: lawfulBases, description: 'What the purpose needs on this channel' })
  readonly lawfulBasis!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly since!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly expiresAt!: string | null;

  @ApiProperty({ type: [SaidConsentDto], description: 'Merged profiles that disagree; the most restrictive decides' })
  readonly conflict!: readonly SaidConsentDto[];
}

export class PreferencesDto {
  @ApiProperty({ type: String, nullable: true, example: 'weekly' })
  readonly frequency!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly pausedUntil!: string | null;
}

export class StatementDto extends SaidConsentDto {
  @ApiProperty({ enum: ['consent', 'preference'] })
  readonly kind!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly lawfulBasis!: string | null;

  @ApiProperty({ description: 'Where it was said' })
  readonly sourceId!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly textVersion!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly receivedAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly expiresAt!: string | null;

  @ApiProperty()
  readonly messageId!: string;
}

export class ConsentsDto {
  @ApiProperty({ format: 'uuid' })
  readonly profileId!: string;

  @ApiProperty({ type: [ConsentStandingDto], description: 'What counts now' })
  readonly consents!: readonly ConsentStandingDto[];

  @ApiProperty({ type: [ConsentStandingDto], description: 'Those of them on which merged profiles disagree' })
  readonly conflicts!: readonly ConsentStandingDto[];

  @ApiProperty({ type: PreferencesDto })
  readonly preferences!: PreferencesDto;

  @ApiPropertyOptional({ type: [StatementDto], description: 'With history only, at most 1000' })
  readonly history?: readonly StatementDto[];
}
