import { ApiProperty } from '@nestjs/swagger';

/** A command was recorded on the log; its effect follows. */
export class RecordedDto {
  @ApiProperty({ description: 'Id of the touchpoint that the command became' })
  readonly messageId!: string;

  @ApiProperty({ format: 'uuid' })
  readonly profileId!: string;
}
