import { BadRequestException, Body, Get, HttpCode, Inject, NotFoundException, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
} from '@nestjs/swagger';
import { SuppressionList } from '@rapport/event-log';
import type { PlainIdentifier, SuppressionRecorded } from '@rapport/events';
import { externalType, formsOf, isKnownType, ruleOf, type IdentityRules } from '@rapport/identity';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { IDENTITY_RULES } from '../identity/identity-rules.js';
import { SuppressDto, SuppressedIdentifierDto, SuppressionDto } from './suppressions.dto.js';

const notListed = 'This identifier is not on the list.';

/** Identifiers in the clear come in the body only: a URL ends up in logs. */
@ApiController('v1/suppressions', { tag: 'suppressions', scope: 'admin', input: 'field' })
export class SuppressionsController {
  constructor(
    @Inject(SuppressionList) private readonly suppressions: SuppressionList,
    @Inject(IDENTITY_RULES) private readonly rules: IdentityRules,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Everything on the suppression list, by keyed hash' })
  @ApiOkResponse({ type: [SuppressionDto] })
  async list(@WorkspaceId() workspaceId: string): Promise<readonly SuppressionDto[]> {
    await this.suppressions.refresh();
    return this.suppressions
      .of(workspaceId)
      .toSorted((a, b) => b.recordedAt - a.recordedAt || (a.identifierHash < b.identifierHash ? -1 : 1))
      .map(view);
  }

  @Post()
  @ApiOperation({ summary: 'Put an identifier on the list: nothing is sent to it, and no import brings it back' })
  @ApiCreatedResponse({ type: SuppressionDto })
  async add(
    @WorkspaceId() workspaceId: string,
    @Body() { type, value, scope = 'imports', reason }: SuppressDto,
  ): Promise<SuppressionDto> {
    const [first, ...others] = this.formsOf({ type, value });
    for (const form of others) await this.suppressions.add(workspaceId, form, { scope, reason });
    return view(await this.suppressions.add(workspaceId, first, { scope, reason }));
  }

  @Post('find')
  @HttpCode(200)
  @ApiOperation({ summary: 'Whether an identifier is on the list' })
  @ApiOkResponse({ type: SuppressionDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: notListed })
  async find(
    @WorkspaceId() workspaceId: string,
    @Body() { type, value }: SuppressedIdentifierDto,
  ): Promise<SuppressionDto> {
    await this.suppressions.refresh();
    const found = this.suppressions.find(workspaceId, this.formsOf({ type, value }));
    if (found === undefined) throw new NotFoundException(notListed);
    return view(found);
  }

  @Post('remove')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take an identifier off the list' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ type: ProblemDto, description: notListed })
  async remove(@WorkspaceId() workspaceId: string, @Body() { type, value }: SuppressedIdentifierDto): Promise<void> {
    const removed: boolean[] = [];
    for (const form of this.formsOf({ type, value })) removed.push(await this.suppressions.remove(workspaceId, form));
    if (!removed.includes(true)) throw new NotFoundException(notListed);
  }

  /** Throws `BadRequestException` for what nobody is known by, such as a userId that was given as an email address. */
  private formsOf(identifier: PlainIdentifier): readonly [PlainIdentifier, ...PlainIdentifier[]] {
    const { type, value } = identifier;
    const types = this.rules.types.filter(({ attachOnly }) => !attachOnly).map((rule) => rule.type);
    const named = types.map((each) => (each === externalType ? `${externalType}:<system>` : each)).join(', ');
    if (!isKnownType(type, this.rules) || type === externalType || ruleOf(type, this.rules).attachOnly) {
      throw new BadRequestException(`type: is none of ${named}`);
    }
    if (type === 'email' && !value.includes('@')) {
      throw new BadRequestException(`value: is no email address; say as type which of ${named} it is`);
    }
    if (type === 'phone' && !/\d/.test(value))
      throw new BadRequestException('value: is no phone number; it has no digit');
    const [, ...compared] = formsOf(identifier, this.rules);
    return [identifier, ...compared];
  }
}

function view({ identifierType, identifierHash, scope, reason, recordedAt }: SuppressionRecorded): SuppressionDto {
  return { type: identifierType, hash: identifierHash, scope, reason, since: new Date(recordedAt).toISOString() };
}
