import type { FactoryProvider } from '@nestjs/common';
import { loadWorkspaces, PLATFORM, type Platform, type Workspace } from '@rapport/runtime';

/** Nest injection token of the declared workspaces: `@Inject(WORKSPACES) workspaces: readonly Workspace[]`. */
export const WORKSPACES = Symbol('rapport.workspaces');

export const workspacesProvider: FactoryProvider<readonly Workspace[]> = {
  provide: WORKSPACES,
  useFactory: (platform: Platform) => loadWorkspaces(platform.config),
  inject: [PLATFORM],
};
