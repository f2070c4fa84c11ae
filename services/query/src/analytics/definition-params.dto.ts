import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

export class DefinitionParamsDto {
  @ApiProperty({ description: 'Id of a definition', example: 'orders' })
  @IsString()
  @MaxLength(63)
  readonly id!: string;
}
