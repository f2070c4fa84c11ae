/** The validated environment; every part of Rapport gets its settings from here and never reads `process.env`. */
export interface RapportConfig {
  /** Folder of embedded data, local caches of the log, and secrets that were generated. Absolute. */
  readonly dataDir: string;
  readonly http: { readonly host: string; readonly port: number };
  /** Where people reach the preference centre, without a slash at the end; links in messages begin with it. */
  readonly publicUrl: string;
  readonly secrets: {
    /** 32 bytes; wraps the subjects' data keys. */
    readonly masterKey: Buffer;
    /** Master keys that were current before, or will be next; they only unwrap. */
    readonly olderMasterKeys: readonly Buffer[];
    /** True when the master keys stand in `secrets.json`, which a running process may read again. */
    readonly masterKeysInFile: boolean;
    /** 32 bytes; keys the hashes that stand for identifiers on the log. Never rotated. */
    readonly hashKey: Buffer;
    /** Write key of the default source. */
    readonly writeKey: string;
    /** Bearer token of the query API. */
    readonly apiKey: string;
  };
  /** How long a process uses a subject's key without asking the log, milliseconds; at most a minute. */
  readonly keyCacheMs: number;
  /** Bytes of the embedded log's disk that no new touchpoints are taken into: the rest of Rapport needs them to go on. */
  readonly diskReserveBytes: number;
  readonly eventLog:
    | { readonly kind: 'embedded'; readonly folder: string; readonly partitions: number }
    | {
        readonly kind: 'kafka';
        readonly brokers: readonly string[];
        readonly partitions: number;
        readonly replicationFactor: number;
      };
  readonly postgres: {
    readonly url: string;
    readonly poolSize: number;
    /** Set when no URL was given: PostgreSQL runs as a child process on this port. */
    readonly embedded: { readonly port: number } | undefined;
  };
  readonly clickhouse: {
    readonly url: string;
    readonly database: string;
    readonly username: string;
    readonly password: string;
    /** Name of the ClickHouse cluster that the URL leads to; undefined for a single server. */
    readonly cluster?: string | undefined;
    /** The user that analysts are given: it cannot write. */
    readonly analyst: { readonly username: string; readonly password: string };
    /**
     * Set when no URL was given: the ClickHouse engine runs as a child process on this port, and gives one question of an analyst
     * this much memory.
     */
    readonly embedded: { readonly port: number; readonly analystMemoryBytes: number } | undefined;
  };
  /** Folder of YAML definitions (sources, segments, scores, journeys). Absolute. */
  readonly definitionsDir: string;
  /** Folder of published schemas and SQL. Absolute. */
  readonly schemasDir: string;
  readonly logLevel: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug';
}
