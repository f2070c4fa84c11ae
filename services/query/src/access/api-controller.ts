import {
  applyDecorators,
  BadRequestException,
  Controller,
  UseGuards,
  UsePipes,
  ValidationPipe,
  type ValidationPipeOptions,
} from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiForbiddenResponse,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { ApiScope } from '@rapport/runtime';
import { ApiKeyGuard, RequireScope } from './api-key.guard.js';
import { ProblemDto } from './problem.dto.js';
import { validationFaults } from './validation-faults.js';

export interface ApiControllerOptions {
  /** The chapter of /openapi.json. */
  readonly tag: string;
  /** What a key needs for every handler; see `RequireScope` for those without. */
  readonly scope?: ApiScope;
  /** What a caller can get wrong. */
  readonly input?: 'parameter' | 'field' | 'none';
}

const validation: ValidationPipeOptions = {
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: (errors) => new BadRequestException(validationFaults(errors)),
};

/** A controller for those with an API key: guarded, its input checked and nothing unknown let through, described. */
export function ApiController(path: string, { tag, scope, input = 'parameter' }: ApiControllerOptions): ClassDecorator {
  const badRequest = { type: ProblemDto, description: `A ${input} is not what it should be` };
  return applyDecorators(
    Controller(path),
    UsePipes(new ValidationPipe(validation)),
    UseGuards(ApiKeyGuard),
    ...(scope === undefined ? [] : [RequireScope(scope)]),
    ...(input === 'none' ? [] : [ApiBadRequestResponse(badRequest)]),
    ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' }),
    ApiForbiddenResponse({ type: ProblemDto, description: 'The API key lacks the scope' }),
    ApiBearerAuth(),
    ApiTags(tag),
  );
}
