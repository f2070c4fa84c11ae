import { BadRequestException, Inject, Injectable } from '@nestjs/common';
import type { Workspace } from '@rapport/runtime';
import { WORKSPACES } from '../definitions/workspaces.js';
import { parseDays, periodOf, type Days, type Period } from './period.js';

/** Days as a caller writes them, read in the time zone of the caller's workspace. */
@Injectable()
export class WorkspacePeriods {
  constructor(@Inject(WORKSPACES) private readonly workspaces: readonly Workspace[]) {}

  workspace(workspaceId: string): Workspace {
    const found = this.workspaces.find(({ id }) => id === workspaceId);
    if (found === undefined) throw new BadRequestException('The workspace of this key is not declared any more.');
    return found;
  }

  /** Throws `BadRequestException` for a text that names no days. */
  period(workspaceId: string, text: string): Period {
    const { timeZone } = this.workspace(workspaceId);
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
