import { BadRequestException, Inject, Injectable } from '@nestjs/common';
import { loadWorkspaces, PLATFORM, type Platform, type Workspace } from '@rapport/runtime';
import { parseDays, periodOf, type Days, type Period } from './period.js';

/** Days as a caller writes them, read in the time zone of the caller's workspace. */
@Injectable()
export class WorkspacePeriods {
  #workspaces: Promise<readonly Workspace[]> | undefined;

  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async workspace(workspaceId: string): Promise<Workspace> {
    this.#workspaces ??= loadWorkspaces(this.platform.config);
    const found = (await this.#workspaces).find(({ id }) => id === workspaceId);
    if (found === undefined) throw new BadRequestException('The workspace of this key is not declared any more.');
    return found;
  }

  /** Throws `BadRequestException` for a text that names no days. */
  async period(workspaceId: string, text: string): Promise<Period> {
    const { timeZone } = await this.workspace(workspaceId);
    return periodOf(daysOf(text), timeZone);
  }
}

export function daysOf(text: string): Days {
  try {
    return parseDays(text);
  } catch (error) {
    throw new BadRequestException((error as Error).message);
  }
}
