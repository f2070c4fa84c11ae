import { identifierOf, refusalKey, type Identifier, type IdentityEvent, type RootProfile } from '@rapport/identity';
import { loadSql } from '@rapport/profile-db';
import type { PoolClient } from 'pg';

const sql = {
  loadIdentifiers: loadSql(import.meta.url, 'load-identifiers'),
  loadSurvivors: loadSql(import.meta.url, 'load-survivors'),
  newestMerge: loadSql(import.meta.url, 'newest-merge'),
  mergesSince: loadSql(import.meta.url, 'merges-since'),
  lockGraph: loadSql(import.meta.url, 'lock-graph'),
  insertIdentifiers: loadSql(import.meta.url, 'insert-identifiers'),
  redirectMerges: loadSql(import.meta.url, 'redirect-merges'),
  insertMerges: loadSql(import.meta.url, 'insert-merges'),
  insertRefusals: loadSql(import.meta.url, 'insert-refusals'),
};

export interface KnownIdentifier {
  readonly identifier: Identifier;
  readonly profile: RootProfile;
}

export interface KnownMerge {
  readonly mergedId: string;
  readonly survivor: RootProfile;
}

export interface Refusal {
  readonly lead: Identifier;
  readonly identifier: Identifier;
}

type EventNamed<N extends IdentityEvent['name']> = Extract<IdentityEvent, { name: N }>;

/** Holds until the transaction ends. Taken after the messages are written, before the graph is read for writing. */
export async function lockGraph(tx: PoolClient): Promise<void> {
  await tx.query({ name: 'resolve-lock-graph', text: sql.lockGraph });
}

export async function loadIdentifiers(
  tx: PoolClient,
  wanted: readonly Identifier[],
): Promise<readonly KnownIdentifier[]> {
  if (wanted.length === 0) return [];
  const { rows } = await tx.query<IdentifierRow>({
    name: 'resolve-load-identifiers',
    text: sql.loadIdentifiers,
    values: [wanted.map((w) => w.workspaceId), wanted.map((w) => w.type), wanted.map((w) => w.hash)],
  });
  return rows.map((row) => ({
    identifier: identifierOf(row.workspace_id, row.identifier_type, row.identifier_hash),
    profile: { profileId: row.profile_id, leadType: row.lead_type },
  }));
}

export async function loadSurvivors(
  tx: PoolClient,
  wanted: readonly { readonly workspaceId: string; readonly profileId: string }[],
): Promise<readonly KnownMerge[]> {
  if (wanted.length === 0) return [];
  const { rows } = await tx.query<MergeRow>(sql.loadSurvivors, [
    wanted.map((w) => w.workspaceId),
    wanted.map((w) => w.profileId),
  ]);
  return rows.map(toMerge);
}

export async function newestMerge(tx: PoolClient): Promise<number> {
  const { rows } = await tx.query<{ sequence: number }>(sql.newestMerge);
  return rows[0]?.sequence ?? 0;
}

export async function mergesSince(
  tx: PoolClient,
  sequence: number,
): Promise<readonly (KnownMerge & { readonly sequence: number })[]> {
  const { rows } = await tx.query<MergeRow & { sequence: number }>({
    name: 'resolve-merges-since',
    text: sql.mergesSince,
    values: [sequence],
  });
  return rows.map((row) => ({ ...toMerge(row), sequence: row.sequence }));
}

export async function insertIdentifiers(
  tx: PoolClient,
  links: readonly EventNamed<'identifier-linked'>[],
): Promise<void> {
  if (links.length === 0) return;
  await tx.query({
    name: 'resolve-insert-identifiers',
    text: sql.insertIdentifiers,
    values: [
      links.map(({ identifier }) => identifier.workspaceId),
      links.map(({ identifier }) => identifier.type),
      links.map(({ identifier }) => identifier.hash),
      links.map(({ profile }) => profile.profileId),
      links.map(({ profile }) => profile.leadType),
    ],
  });
}

/** Writes the merges so that every merged profile names a survivor that is not merged itself. */
export async function insertMerges(tx: PoolClient, merges: readonly EventNamed<'profiles-merged'>[]): Promise<void> {
  if (merges.length === 0) return;
  const next = new Map(merges.map(({ mergedId, survivor }) => [mergedId, survivor]));
  const final = (survivor: RootProfile): RootProfile => {
    let root = survivor;
    for (let other = next.get(root.profileId); other; other = next.get(root.profileId)) root = other;
    return root;
  };
  const survivors = merges.map(({ survivor }) => final(survivor));
  const values = [
    merges.map(({ workspaceId }) => workspaceId),
    merges.map(({ mergedId }) => mergedId),
    survivors.map(({ profileId }) => profileId),
    survivors.map(({ leadType }) => leadType),
  ];
  await tx.query({ name: 'resolve-redirect-merges', text: sql.redirectMerges, values });
  await tx.query({ name: 'resolve-insert-merges', text: sql.insertMerges, values });
}

/** Writes the refusals and gives the keys (`refusalKey`) of those that were not known. */
export async function insertRefusals(tx: PoolClient, refusals: readonly Refusal[]): Promise<ReadonlySet<string>> {
  if (refusals.length === 0) return new Set();
  const { rows } = await tx.query<RefusalRow>(sql.insertRefusals, [
    refusals.map(({ lead }) => lead.workspaceId),
    refusals.map(({ lead }) => lead.type),
    refusals.map(({ lead }) => lead.hash),
    refusals.map(({ identifier }) => identifier.type),
    refusals.map(({ identifier }) => identifier.hash),
  ]);
  return new Set(
    rows.map((row) =>
      refusalKey(
        identifierOf(row.workspace_id, row.lead_type, row.lead_hash),
        identifierOf(row.workspace_id, row.identifier_type, row.identifier_hash),
      ),
    ),
  );
}

interface IdentifierRow {
  readonly workspace_id: string;
  readonly identifier_type: string;
  readonly identifier_hash: string;
  readonly profile_id: string;
  readonly lead_type: string;
}

interface MergeRow {
  readonly merged_id: string;
  readonly survivor_id: string;
  readonly lead_type: string;
}

interface RefusalRow {
  readonly workspace_id: string;
  readonly lead_type: string;
  readonly lead_hash: string;
  readonly identifier_type: string;
  readonly identifier_hash: string;
}

function toMerge(row: MergeRow): KnownMerge {
  return { mergedId: row.merged_id, survivor: { profileId: row.survivor_id, leadType: row.lead_type } };
}
