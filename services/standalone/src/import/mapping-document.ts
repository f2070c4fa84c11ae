import { type JsonValue, type TouchpointType } from '@rapport/events';

/** A mapping as a person wrote it; `schemas/definitions/import-mapping.schema.json` describes and checks it. */
export interface MappingDocument {
  /** Begins every messageId, so it may not change between two imports of the same rows. */
  readonly id: string;
  readonly title: string;
  /** What this mapping decided about the data where others decide differently; one sentence each. */
  readonly conventions?: readonly string[];
  readonly input?: InputDocument;
  /** Other files whose rows are looked up by key, by name. Paths are relative to the first file that is imported. */
  readonly lookups?: Readonly<Record<string, LookupDocument>>;
  readonly columns: Readonly<Record<string, ColumnDocument>>;
  readonly leaveOut?: readonly LeaveOutDocument[];
  readonly touchpoints: readonly TouchpointDocument[];
}

export type FileFormat = 'csv' | 'tsv' | 'jsonl' | 'parquet';

export interface InputDocument {
  readonly format?: FileFormat;
  readonly delimiter?: string;
  /** Names of the columns of a file without a header line. */
  readonly header?: readonly string[];
  /** IANA zone of times that name none. Default UTC. */
  readonly timeZone?: string;
  /** Texts that mean "nothing", in every column. */
  readonly empty?: readonly string[];
}

export interface LookupDocument {
  readonly file: string;
  readonly key: string;
}

export type ColumnType = 'text' | 'integer' | 'number' | 'decimal' | 'boolean' | 'time' | 'json';
export type Scalar = string | number | boolean;
export type TimeUnit = 'seconds' | 'minutes' | 'hours' | 'days' | 'months';

/** One typed value a row. It has exactly one origin: `from`, `lookup`, `multiply`, `divide`, `absolute`, `template`, `value` or `shift`. */
export interface ColumnDocument {
  /** Column of the file; of several names the first that the file has. */
  readonly from?: string | readonly string[];
  readonly lookup?: { readonly in: string; readonly by: string; readonly take: string };
  readonly multiply?: readonly string[];
  /** The first by the second, to 12 digits behind the point; nothing where the second is nothing or 0. */
  readonly divide?: readonly [string, string];
  readonly absolute?: string;
  readonly template?: string;
  readonly value?: Scalar;
  readonly shift?: ShiftDocument;
  /** Default `text`. */
  readonly type?: ColumnType;
  /** Of a time, for example `dd-MM-yyyy`; without it ISO 8601 and epoch numbers are read. */
  readonly format?: string | readonly string[];
  readonly timeZone?: string;
  /** A row without this value is a bad row. */
  readonly required?: boolean;
  readonly default?: Scalar;
  /** A regular expression; what it finds is taken out of the text. */
  readonly remove?: string;
  /** The texts that may stand here, and what each means. */
  readonly values?: Readonly<Record<string, Scalar>>;
}

/** A time moved by a number of units. `from` is a column, or a time written out. */
export interface ShiftDocument {
  readonly from: string;
  readonly by: string;
  readonly unit: TimeUnit;
  readonly back?: boolean;
}

/** All named columns must fit; of a list of conditions one must hold. */
export type ConditionDocument = ColumnTests | readonly ColumnTests[];
export type ColumnTests = Readonly<Record<string, Scalar | TestDocument>>;

export interface TestDocument {
  readonly equals?: Scalar;
  readonly not?: Scalar;
  readonly in?: readonly Scalar[];
  readonly above?: number;
  readonly atLeast?: number;
  readonly below?: number;
  readonly atMost?: number;
  readonly startsWith?: string;
  readonly startsNotWith?: string;
  readonly matches?: string;
  readonly empty?: boolean;
}

export interface LeaveOutDocument {
  /** Counted under these words. */
  readonly because: string;
  readonly where: ConditionDocument;
}

export interface TouchpointDocument {
  readonly id: string;
  readonly type: TouchpointType;
  /** The name itself, or the column that holds it. */
  readonly event?: string | { readonly column: string };
  readonly where?: ConditionDocument;
  /** Makes several touchpoints of a row. */
  readonly each?: readonly EachDocument[];
  /** Makes one touchpoint of several rows. */
  readonly group?: GroupDocument;
  /** Columns that identify the touchpoint in its file. Default: the columns of `group`, else the file's name and the line. */
  readonly key?: readonly string[];
  /** Only where its content differs from the last one of the same person. */
  readonly whenChanged?: boolean;
  readonly userId?: ValueDocument;
  readonly anonymousId?: ValueDocument;
  readonly groupId?: ValueDocument;
  readonly previousId?: ValueDocument;
  readonly timestamp: ValueDocument;
  readonly name?: ValueDocument;
  readonly category?: ValueDocument;
  readonly properties?: Readonly<Record<string, ValueDocument>>;
  readonly traits?: Readonly<Record<string, ValueDocument>>;
  readonly context?: Readonly<Record<string, ValueDocument>>;
}

export type EachDocument =
  | { readonly repeat: string; readonly as: string }
  | { readonly split: string; readonly by: string; readonly as: string; readonly index?: string };

export interface GroupDocument {
  readonly by: readonly string[];
  /** `adjacent`: rows of a group stand together, so that a file larger than memory can be read. Default `anywhere`. */
  readonly rows?: 'anywhere' | 'adjacent';
}

/** A text is the name of a column. In a group: of its first row that is not empty there. */
export type ValueDocument =
  | string
  | { readonly value: JsonValue }
  | { readonly template: string }
  | { readonly object: Readonly<Record<string, ValueDocument>> }
  | { readonly list: readonly ValueDocument[] }
  | { readonly shift: ShiftDocument }
  | { readonly sum: string | readonly string[] }
  | { readonly count: true }
  | { readonly min: string }
  | { readonly max: string }
  | { readonly distinct: string }
  | { readonly rows: Readonly<Record<string, ValueDocument>>; readonly lighten?: readonly string[] };
