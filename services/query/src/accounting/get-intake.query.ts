import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { loadSql } from '@rapport/profile-db';
import { PLATFORM, type Platform } from '@rapport/runtime';
import type { IntakeDto } from './intake.dto.js';

const readIntake = loadSql(import.meta.url, 'read-intake');

export class GetIntake extends Query<readonly IntakeDto[]> {
  constructor(
    readonly workspaceId: string,
    readonly from: string | undefined,
    readonly to: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(GetIntake)
export class GetIntakeHandler implements IQueryHandler<GetIntake> {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async execute({ workspaceId, from, to }: GetIntake): Promise<readonly IntakeDto[]> {
    const values = [workspaceId, from ?? '-infinity', to ?? 'infinity'];
    const { rows } = await this.platform.postgres.query<IntakeDto>(readIntake, values);
    return rows;
  }
}
