import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { JsonObject } from '@rapport/events';
import { valuesOf, type DuplicatesDefinition, type FieldEvidence } from '@rapport/identity';
import { loadSql } from '@rapport/profile-db';
import { PLATFORM, type Platform } from '@rapport/runtime';
import type { DuplicateEvidenceDto, DuplicatesDto } from './duplicates.dto.js';
import { DUPLICATES_DEFINITION } from './load-duplicate-rules.js';

const sql = { list: loadSql(import.meta.url, 'list-suggestions'), search: loadSql(import.meta.url, 'read-search') };

/** Who is probably one person, of the newest search. */
export class ListDuplicates extends Query<DuplicatesDto> {
  constructor(
    readonly workspaceId: string,
    readonly limit: number,
  ) {
    super();
  }
}

interface SuggestionRow {
  readonly suggestion_id: string;
  readonly lower_id: string;
  readonly higher_id: string;
  readonly probability: number;
  readonly by_group: boolean;
  readonly evidence: readonly FieldEvidence[];
  readonly lower_traits: JsonObject;
  readonly higher_traits: JsonObject;
  readonly found_at: Date;
}

interface SearchRow {
  readonly finished_at: Date;
  readonly profiles: number | string;
  readonly needed_bits: number;
}

@QueryHandler(ListDuplicates)
export class ListDuplicatesHandler implements IQueryHandler<ListDuplicates> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(DUPLICATES_DEFINITION) private readonly definition: DuplicatesDefinition,
  ) {}

  async execute({ workspaceId, limit }: ListDuplicates): Promise<DuplicatesDto> {
    const { postgres } = this.platform;
    const [search] = (await postgres.query<SearchRow>(sql.search, [workspaceId])).rows;
    const { rows } = await postgres.query<SuggestionRow>(sql.list, [workspaceId, limit]);
    return {
      searchedAt: search?.finished_at.toISOString() ?? null,
      profiles: Number(search?.profiles ?? 0),
      neededBits: search?.needed_bits ?? 0,
      suggestions: rows.map((row) => ({
        id: row.suggestion_id,
        profileIds: [row.lower_id, row.higher_id],
        probability: row.probability,
        isByGroup: row.by_group,
        evidence: this.evidenceOf(row),
        foundAt: row.found_at.toISOString(),
      })),
    };
  }

  /** Values as the profiles have them now, which may have changed since the search. */
  private evidenceOf({ evidence, lower_traits, higher_traits }: SuggestionRow): readonly DuplicateEvidenceDto[] {
    const [one, other] = [valuesOf(this.definition, lower_traits), valuesOf(this.definition, higher_traits)];
    return evidence
      .toSorted((a, b) => b.bits - a.bits)
      .map((each) => ({ ...each, values: [one[each.field] ?? null, other[each.field] ?? null] }));
  }
}
