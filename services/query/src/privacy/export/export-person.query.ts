import { Inject } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { JsonObject } from '@rapport/events';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { GetConsents } from '../../consents/get-consents.query.js';
import type { ProfileAddress } from '../../profiles/find-profile.js';
import { GetProfile } from '../../profiles/get-profile.query.js';
import { findPerson, readTouchpoints, tracesOf, type Person } from '../person.js';
import { readClickHouseRows } from '../stores/clickhouse.purge.js';
import { readPostgresRows } from '../stores/postgres.purge.js';
import type { ExportedTouchpoint, PersonExport } from './person-export.js';
import { readMessages } from './read-messages.js';
import { readRefused } from './read-refused.js';

const openAtOnce = 200;

/** Everything about a person; `undefined` where nobody has the identifier. */
export class ExportPerson extends Query<PersonExport | undefined> {
  constructor(readonly address: ProfileAddress) {
    super();
  }
}

@QueryHandler(ExportPerson)
export class ExportPersonHandler implements IQueryHandler<ExportPerson> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    private readonly queries: QueryBus,
  ) {}

  async execute({ address }: ExportPerson): Promise<PersonExport | undefined> {
    const person = await findPerson(this.platform, address);
    if (person === undefined) return undefined;
    const { workspaceId, profileIds, identifiers } = person;
    const profileId = person.profile.profile_id;
    const itself: ProfileAddress = { workspaceId, identifier: profileId, type: 'profileId' };
    const touchpoints = await this.touchpointsOf(person);
    const { subjectIds } = await tracesOf(this.platform, person);
    const rowsOf = { workspaceId, profileIds, subjectIds: [], identifierHashes: identifiers.map(({ hash }) => hash) };
    return {
      exportedAt: new Date(this.platform.clock()).toISOString(),
      workspaceId,
      profileId,
      profileIds,
      profile: (await this.queries.execute(new GetProfile(itself))) ?? {},
      consents: (await this.queries.execute(new GetConsents(itself, true))) ?? {},
      touchpoints,
      refused: await readRefused(this.platform, workspaceId, subjectIds),
      messages: await readMessages(this.platform, workspaceId, profileIds),
      analytics: await readClickHouseRows(this.platform, rowsOf),
      state: await readPostgresRows(this.platform.postgres, rowsOf),
    };
  }

  private async touchpointsOf(person: Person): Promise<readonly ExportedTouchpoint[]> {
    const sealed = await Array.fromAsync(readTouchpoints(this.platform, person));
    const exported: ExportedTouchpoint[] = [];
    for (let first = 0; first < sealed.length; first += openAtOnce) {
      const some = sealed.slice(first, first + openAtOnce);
      const contents = await this.platform.vault.openContent(
        some.map(({ workspaceId, subjectId, keyId, messageId, content }) => ({
          ...{ workspaceId, subjectId, keyId },
          boundTo: messageId,
          bytes: content,
        })),
      );
      some.forEach(({ messageId, sourceId, type, event, timestamp, receivedAt, flags }, i) =>
        exported.push({
          ...{ messageId, sourceId, type, event, flags },
          timestamp: new Date(timestamp).toISOString(),
          receivedAt: new Date(receivedAt).toISOString(),
          content: (contents[i] ?? null) as JsonObject | null,
        }),
      );
    }
    return exported;
  }
}
