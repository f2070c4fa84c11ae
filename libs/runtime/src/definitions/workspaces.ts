import { join } from 'node:path';
import type { RapportConfig } from '../config/config.js';
import { DefinitionError, type DefinitionFault } from './definition-error.js';
import { loadDefinitions, type Definition } from './load-definitions.js';

/** What sends touchpoints into a workspace. */
export interface Source {
  readonly workspaceId: string;
  readonly id: string;
  readonly name: string;
  readonly kind: 'server' | 'browser' | 'mobile' | 'import' | 'mixed';
  /** At least one. Unique over all sources of all workspaces. */
  readonly writeKeys: readonly string[];
  readonly trackingPlan: TrackingPlanPolicy;
}

/** What to do with touchpoints that the tracking plan has something against. */
export type PlanWay = 'allow' | 'flag' | 'reject';

export interface TrackingPlanPolicy {
  /** A planned event whose properties are not as planned. Default `flag`. */
  readonly violations: PlanWay;
  /** A track event that nobody planned. Default `allow`. */
  readonly unplanned: PlanWay;
}

/** One business (tenant): its people, its touchpoints and everything computed from them are its own. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** IANA name; days and months of this workspace are counted in it. */
  readonly timeZone: string;
  /** ISO 4217 code in which money is reported. */
  readonly currency: string;
  /** A pause of this length ends a session; 30 when not declared. */
  readonly sessionMinutes?: number;
  /** A customer without an order for so many days has lapsed; 90 when not declared. */
  readonly lapseDays?: number;
  readonly sources: readonly Source[];
}

/** The document as `schemas/definitions/source.schema.json` describes it. */
interface WorkspaceDocument extends Omit<Workspace, 'id' | 'sources'> {
  readonly workspace: string;
  readonly sources: readonly (Omit<Source, 'workspaceId' | 'trackingPlan'> & {
    readonly trackingPlan?: Partial<TrackingPlanPolicy>;
  })[];
}

const defaultPolicy: TrackingPlanPolicy = { violations: 'flag', unplanned: 'allow' };
const installationKey = '${RAPPORT_WRITE_KEY}';

/** The workspaces declared in `<definitions>/sources`, at least one. Throws `DefinitionError` with every fault. */
export async function loadWorkspaces(
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'> & { readonly secrets: { readonly writeKey: string } },
): Promise<readonly Workspace[]> {
  const folder = join(config.definitionsDir, 'sources');
  const schemaFile = join(config.schemasDir, 'definitions', 'source.schema.json');
  const definitions = await loadDefinitions<WorkspaceDocument>({ folder, schemaFile });
  const faults = definitions.flatMap(timeZoneFaults);
  faults.push(...repeated(definitions, workspaceIds), ...definitions.flatMap((one) => repeated([one], sourceIds)));
  faults.push(...repeated(definitions, (one) => writeKeys(one, config.secrets.writeKey)));
  if (definitions.length === 0) {
    const message = 'no workspace is declared in this folder; add a file like default.yaml';
    faults.push({ file: folder, line: 1, column: 1, path: '', message });
  }
  if (faults.length > 0) throw new DefinitionError(faults);
  return definitions.map(({ value }) => toWorkspace(value, config.secrets.writeKey));
}

function toWorkspace({ workspace: id, sources, ...rest }: WorkspaceDocument, writeKey: string): Workspace {
  const resolve = (key: string): string => (key === installationKey ? writeKey : key);
  return {
    ...rest,
    id,
    sources: sources.map((source) => ({
      ...source,
      workspaceId: id,
      writeKeys: source.writeKeys.map(resolve),
      trackingPlan: { ...defaultPolicy, ...source.trackingPlan },
    })),
  };
}

function timeZoneFaults({ value, faultAt }: Definition<WorkspaceDocument>): DefinitionFault[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value.timeZone });
    return [];
  } catch {
    return [faultAt(['timeZone'], 'is no time zone; write an IANA name such as Europe/Berlin or UTC')];
  }
}

/** A value that must be unique, where it stands, and what to say of it without repeating a secret. */
interface UniqueValue {
  readonly path: readonly (string | number)[];
  readonly value: string;
  readonly message: string;
}

function workspaceIds({ value }: Definition<WorkspaceDocument>): UniqueValue[] {
  return [{ path: ['workspace'], value: value.workspace, message: 'is declared in another file too; rename one' }];
}

function sourceIds({ value }: Definition<WorkspaceDocument>): UniqueValue[] {
  return value.sources.map(({ id }, index) => ({
    path: ['sources', index, 'id'],
    value: id,
    message: 'is the id of another source too; rename one',
  }));
}

function writeKeys({ value }: Definition<WorkspaceDocument>, own: string): UniqueValue[] {
  return value.sources.flatMap((source, index) =>
    source.writeKeys.map((key, position) => ({
      path: ['sources', index, 'writeKeys', position],
      value: key === installationKey ? own : key,
      message: 'is a key of another source too; give each source keys of its own',
    })),
  );
}

function repeated(
  definitions: readonly Definition<WorkspaceDocument>[],
  valuesOf: (definition: Definition<WorkspaceDocument>) => readonly UniqueValue[],
): DefinitionFault[] {
  const seen = new Set<string>();
  return definitions.flatMap((definition) =>
    valuesOf(definition)
      .filter(({ value }) => seen.has(value) || !seen.add(value))
      .map(({ path, message }) => definition.faultAt(path, message)),
  );
}
