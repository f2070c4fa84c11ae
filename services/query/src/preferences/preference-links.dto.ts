import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const name = /^[a-z][a-z0-9-]{0,62}$/;

export class RequestPreferenceLinkDto {
  @ApiPropertyOptional({
    example: 'newsletter',
    default: 'all',
    description: 'Purpose of the message that will carry the link: what one click unsubscribes from',
  })
  @IsOptional()
  @Matches(name, { message: 'purpose must be an id as in definitions/consent, or "all"' })
  readonly purpose?: string;

  @ApiPropertyOptional({ example: 'email', default: 'all', description: 'Channel of that message' })
  @IsOptional()
  @Matches(name, { message: 'channel must be an id as in definitions/consent, or "all"' })
  readonly channel?: string;
}

export class PreferenceLinkDto {
  @ApiProperty({ format: 'uuid', description: 'Whose' })
  readonly profileId!: string;

  @ApiProperty({
    description: 'The preference centre of this person; whoever has the link may change what they receive',
  })
  readonly preferencesUrl!: string;

  @ApiProperty({ description: 'Unsubscribes by one click, also posted by a mail program (RFC 8058)' })
  readonly unsubscribeUrl!: string;

  @ApiProperty({ format: 'date-time', description: 'Both open nothing from then on' })
  readonly expiresAt!: string;
}
