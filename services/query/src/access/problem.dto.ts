import { ApiProperty } from '@nestjs/swagger';

/** An error as `application/problem+json` (RFC 9457). */
export class ProblemDto {
  @ApiProperty({ example: 'about:blank' })
  readonly type!: string;

  @ApiProperty({ example: 'Not found' })
  readonly title!: string;

  @ApiProperty({ example: 404 })
  readonly status!: number;

  @ApiProperty({ description: 'What is wrong and how to mend it', required: false })
  readonly detail?: string;
}
