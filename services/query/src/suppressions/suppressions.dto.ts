import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { identifierLength } from '../profiles/identifier-length.js';

export const suppressionScopes = ['imports', 'everything'] as const;

export class SuppressedIdentifierDto {
  @ApiProperty({
    example: 'email',
    description:
      'A type of the identity rules, such as email, phone, userId, anonymousId or external:crm; not a device, which can be a family’s',
  })
  @Matches(/^[\w.:-]{1,64}$/)
  readonly type!: string;

  @ApiProperty({ example: 'ada@example.com', description: 'In the clear; only its keyed hash is kept' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(identifierLength)
  readonly value!: string;
}

export class SuppressDto extends SuppressedIdentifierDto {
  @ApiPropertyOptional({
    enum: suppressionScopes,
    default: 'imports',
    description:
      'imports: nothing is sent, and no import brings the person back. everything: nothing is collected either',
  })
  @IsOptional()
  @IsIn(suppressionScopes)
  readonly scope?: (typeof suppressionScopes)[number];

  @ApiProperty({ example: 'complaint', description: 'Why, as an id: lower-case letters, digits and dashes' })
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, { message: 'reason must be an id: lower-case letters, digits and dashes' })
  readonly reason!: string;
}

export class SuppressionDto {
  @ApiProperty({ example: 'email' })
  readonly type!: string;

  @ApiProperty({ description: 'Keyed hash of the identifier' })
  readonly hash!: string;

  @ApiProperty({ enum: suppressionScopes })
  readonly scope!: string;

  @ApiProperty()
  readonly reason!: string;

  @ApiProperty({ format: 'date-time' })
  readonly since!: string;
}
