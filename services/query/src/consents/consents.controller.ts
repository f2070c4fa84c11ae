import {
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  UseGuards,
  UsePipes,
  ValidationPipe,
} from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { ApiKeyGuard, WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { RecordedDto } from '../commands/recorded.dto.js';
import { ProfileOptionsDto, ProfileParamsDto } from '../profiles/profile.dto.js';
import { ConsentsDto, ConsentsOptionsDto, RecordConsentDto } from './consents.dto.js';
import { GetConsents } from './get-consents.query.js';
import { RecordConsent } from './record-consent.command.js';

const notFound = 'No profile has this identifier.';

@ApiTags('consents')
@ApiBearerAuth()
@ApiNotFoundResponse({ type: ProblemDto, description: notFound })
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A field is not what it should be' })
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/profiles/:identifier/consents')
export class ConsentsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What a person allows, on which ground, and where merged profiles disagree' })
  @ApiOkResponse({ type: ConsentsDto })
  async read(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type, history }: ConsentsOptionsDto,
  ): Promise<ConsentsDto> {
    const address = { workspaceId, identifier, type };
    return found(await this.queries.execute(new GetConsents(address, history === 'true')));
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Record what a person allows, denies or withdraws' })
  @ApiAcceptedResponse({ type: RecordedDto, description: 'It is on the log; no message leaves against it from now on' })
  async record(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type }: ProfileOptionsDto,
    @Body() said: RecordConsentDto,
  ): Promise<RecordedDto> {
    const address = { workspaceId, identifier, type };
    return found(await this.commands.execute(new RecordConsent(address, said)));
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new NotFoundException(notFound);
  return value;
}
