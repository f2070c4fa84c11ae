import type { OpenedTouchpoint } from '@rapport/events';
import {
  joinTraits,
  noRules,
  storableJson,
  storableText,
  traitColumns,
  traitsOfColumns,
  traitsSaid,
  type ProfileState,
  type TraitColumns,
} from '@rapport/profile';
import { loadSql } from '@rapport/profile-db';
import type { PoolClient } from 'pg';

const sql = {
  create: loadSql(import.meta.url, 'create-accounts'),
  lock: loadSql(import.meta.url, 'lock-accounts'),
  save: loadSql(import.meta.url, 'save-accounts'),
};

interface AccountRow extends TraitColumns {
  readonly workspace_id: string;
  readonly account_id: string;
}

interface SaidAccount {
  readonly workspaceId: string;
  readonly accountId: string;
  firstSeenAt: number;
  lastSeenAt: number;
  traits: ProfileState['traits'];
}

export function namesAccount({ type, content }: OpenedTouchpoint): boolean {
  return type === 'group' && content?.groupId !== undefined;
}

/** Keeps the accounts that group calls are about. Of each trait the latest value holds. People are locked before accounts. */
export async function joinAccounts(tx: PoolClient, touchpoints: readonly OpenedTouchpoint[]): Promise<void> {
  const said = new Map<string, SaidAccount>();
  for (const touchpoint of touchpoints) {
    const groupId = touchpoint.type === 'group' ? touchpoint.content?.groupId : undefined;
    if (groupId !== undefined) note(said, touchpoint, groupId);
  }
  if (said.size === 0) return;
  const accounts = [...said.values()];
  const keys = [accounts.map(({ workspaceId }) => workspaceId), accounts.map(({ accountId }) => accountId)];
  await tx.query(sql.create, keys);
  const { rows } = await tx.query<AccountRow>(sql.lock, keys);
  const known = new Map(rows.map((row) => [nameOf(row.workspace_id, row.account_id), traitsOfColumns(row)]));
  const saved = accounts.map(({ workspaceId, accountId, firstSeenAt, lastSeenAt, traits }) => ({
    workspace_id: workspaceId,
    account_id: accountId,
    first_seen_at: firstSeenAt,
    last_seen_at: lastSeenAt,
    ...traitColumns(joinTraits(noRules, known.get(nameOf(workspaceId, accountId)) ?? {}, traits)),
  }));
  await tx.query(sql.save, [storableJson(saved)]);
}

function note(said: Map<string, SaidAccount>, touchpoint: OpenedTouchpoint, groupId: string): void {
  const { workspaceId, timestamp, content } = touchpoint;
  const accountId = storableText(groupId);
  const name = nameOf(workspaceId, accountId);
  const known = said.get(name) ?? { workspaceId, accountId, firstSeenAt: timestamp, lastSeenAt: timestamp, traits: {} };
  said.set(name, {
    ...known,
    firstSeenAt: Math.min(known.firstSeenAt, timestamp),
    lastSeenAt: Math.max(known.lastSeenAt, timestamp),
    traits: joinTraits(noRules, known.traits, traitsSaid(noRules, touchpoint, content?.traits ?? {})),
  });
}

function nameOf(workspaceId: string, accountId: string): string {
  return `${workspaceId}\n${accountId}`;
}
