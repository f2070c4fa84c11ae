import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { identifierLength } from '../profiles/identifier-length.js';
import type { IdentifierType } from '../profiles/profile.dto.js';
import { suppressionScopes } from '../suppressions/suppressions.dto.js';
import { erasureSteps, type ErasureStatus, type ErasureStep } from './erasure.js';

/** What of the person goes on the suppression list, by keyed hash, before they are erased. */
const suppressedScopes = ['none', ...suppressionScopes] as const;
export type SuppressedScope = (typeof suppressedScopes)[number];

export class RequestErasureDto {
  @ApiProperty({ description: 'Any identifier of the person, or the profile id', example: 'user-17' })
  @IsString()
  @Length(1, identifierLength)
  identifier!: string;

  @ApiPropertyOptional({ description: 'Look among identifiers of this type only', example: 'external:crm' })
  @IsOptional()
  @Matches(/^[\w.:-]{1,64}$/)
  type?: IdentifierType;

  @ApiPropertyOptional({
    enum: suppressedScopes,
    default: 'imports',
    description:
      'imports: the identifiers go on the suppression list, so that no import brings the person back and nothing is sent to ' +
      'them. everything: nothing is collected of them either. none: they may come back by any way',
  })
  @IsOptional()
  @IsIn(suppressedScopes)
  suppress?: SuppressedScope;
}

export class ErasureParamsDto {
  @ApiProperty({ description: 'As the request was answered with' })
  @Matches(/^[0-9a-f-]{36}$/, { message: 'erasureId must be the id that the request was answered with' })
  erasureId!: string;
}

export class FindingDto {
  @ApiProperty({ example: 'postgresql profile.profiles' })
  store!: string;

  @ApiProperty({ description: 'What of the person stood there' })
  removed!: number;

  @ApiProperty({ description: 'What still stands there; 0 before an erasure is completed' })
  left!: number;

  @ApiPropertyOptional()
  note?: string;
}

export class ErasureDto {
  @ApiProperty()
  erasureId!: string;

  @ApiProperty({ enum: ['requested', 'completed'] })
  status!: ErasureStatus;

  @ApiProperty({ enum: erasureSteps, description: 'The step under way' })
  step!: ErasureStep;

  @ApiProperty({ description: 'How many steps are done, of how many', example: { done: 3, of: 8 } })
  progress!: { readonly done: number; readonly of: number };

  @ApiProperty()
  requestedAt!: string;

  @ApiProperty({ type: String, nullable: true })
  completedAt!: string | null;

  @ApiProperty({ type: [FindingDto] })
  stores!: readonly FindingDto[];

  @ApiPropertyOptional({
    description: 'How many identifiers are on the suppression list; in the answer to the request',
  })
  suppressed?: number;

  @ApiProperty({ type: String, nullable: true, description: 'Signed certificate, a JWS in compact form' })
  certificate!: string | null;
}
