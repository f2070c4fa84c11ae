import { BadRequestException, Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { searchText, type ProfileRules, type SearchKey } from '@rapport/profile';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { PROFILE_RULES } from '../definitions/profile-rules.js';
import { defaultPageSize } from '../paging/page.dto.js';
import type { FoundProfilesDto, SearchOptionsDto } from './search.dto.js';
import { searchProfiles } from './search.store.js';

export class SearchProfiles extends Query<FoundProfilesDto> {
  constructor(
    readonly workspaceId: string,
    readonly options: SearchOptionsDto,
  ) {
    super();
  }
}

@QueryHandler(SearchProfiles)
export class SearchProfilesHandler implements IQueryHandler<SearchProfiles> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(PROFILE_RULES) private readonly rules: ProfileRules,
  ) {}

  execute({ workspaceId, options }: SearchProfiles): Promise<FoundProfilesDto> {
    const { limit = defaultPageSize, cursor } = options;
    return searchProfiles(this.platform.postgres, workspaceId, this.keyOf(options), { limit, cursor });
  }

  /** Throws `BadRequestException` where there is not exactly one thing to search by, or nobody can be found by it. */
  private keyOf({ trait, computedTrait, value, stage }: SearchOptionsDto): SearchKey {
    if ([trait, computedTrait, stage].filter((each) => each !== undefined).length !== 1) {
      throw new BadRequestException('give one of trait (with value), computedTrait (with value) and stage');
    }
    if (stage !== undefined) return { name: 'stage', value: this.declaredStage(stage) };
    const { searchable, searchableComputed } = this.rules;
    const [kind, wanted, names] =
      trait === undefined
        ? (['computed', computedTrait ?? '', [...searchableComputed]] as const)
        : (['trait', trait, searchable] as const);
    if (!names.includes(wanted)) {
      const known = names.length === 0 ? 'none is' : `these are: ${names.join(', ')}`;
      const field = kind === 'trait' ? 'trait' : 'computedTrait';
      throw new BadRequestException(`${field}: is not declared with search: true in the definitions; ${known}`);
    }
    return { name: `${kind}/${wanted}`, value: searchText(value) ?? '' };
  }

  private declaredStage(stage: string): string {
    const known = this.rules.stages.map(({ id }) => id);
    if (known.includes(stage)) return stage;
    throw new BadRequestException(`stage: is not declared; say one of ${known.join(', ')}`);
  }
}
