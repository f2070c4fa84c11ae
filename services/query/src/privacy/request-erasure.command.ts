import { randomUUID } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { SuppressionList } from '@rapport/event-log';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM, registerErasure, type Platform } from '@rapport/runtime';
import { findErasureUnderWay, type ProfileAddress } from '../profiles/find-profile.js';
import { EraserLoop } from './eraser-loop.js';
import type { ErasureDto, SuppressedScope } from './erasure.dto.js';
import { readErasure } from './erasure.store.js';
import { erasureView } from './erasure-view.js';
import { findPerson, tracesOf } from './person.js';

/**
 * Has a person erased; `undefined` where nobody has the identifier. Resolves once the request is on the log. Who asks for it
 * again is given the erasure under way.
 */
export class RequestErasure extends Command<ErasureDto | undefined> {
  constructor(
    readonly address: ProfileAddress,
    readonly requestedBy: string,
    readonly suppress: SuppressedScope,
  ) {
    super();
  }
}

@CommandHandler(RequestErasure)
export class RequestErasureHandler implements ICommandHandler<RequestErasure> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(EraserLoop) private readonly loop: EraserLoop,
    @Inject(SuppressionList) private readonly suppressions: SuppressionList,
  ) {}

  async execute({ address, requestedBy, suppress }: RequestErasure): Promise<ErasureDto | undefined> {
    const { eventLog, codec, postgres, clock } = this.platform;
    const underWay = await findErasureUnderWay(this.platform, address);
    const again = underWay && (await readErasure(postgres, address.workspaceId, underWay));
    if (again) return erasureView(again);
    const person = await findPerson(this.platform, address);
    if (person === undefined) return undefined;
    const { workspaceId, profileIds, identifiers } = person;
    const { subjectIds, plainIdentifiers } = await tracesOf(this.platform, person);
    // First: afterwards nobody could say any more what the identifiers were.
    const suppressed =
      suppress === 'none'
        ? 0
        : await this.suppressions.addMissing(workspaceId, plainIdentifiers, { scope: suppress, reason: 'erased' });
    const request = {
      workspaceId,
      erasureId: randomUUID(),
      profileIds,
      subjectIds,
      identifierHashes: identifiers.map(({ hash }) => hash),
      requestedBy,
      requestedAt: clock(),
    };
    // On the log first: a crash before the insert is made good from there.
    await eventLog.append([
      { topic: 'erasures', key: request.erasureId, value: codec.encode('erasure-requested', request) },
    ]);
    await registerErasure(postgres, request);
    this.loop.wake();
    const erasure = await readErasure(postgres, workspaceId, request.erasureId);
    return erasure && { ...erasureView(erasure), suppressed };
  }
}
