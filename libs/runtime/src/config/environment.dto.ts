import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min, MinLength } from 'class-validator';
import type { RapportConfig } from './config.js';

const port = (): PropertyDecorator => (target, key) => {
  Type(() => Number)(target, key);
  IsInt({ message: `$property must be a port number from 0 to 65535` })(target, key);
  Min(0, { message: `$property must be a port number from 0 to 65535` })(target, key);
  Max(65_535, { message: `$property must be a port number from 0 to 65535` })(target, key);
};

const base64Key = (): PropertyDecorator => (target, key) => {
  IsOptional()(target, key);
  Matches(/^[A-Za-z0-9+/]{43}=$/, {
    message: '$property must be 32 bytes in base64, for example from: openssl rand -base64 32',
  })(target, key);
};

/** Every environment variable that Rapport reads, checked once at start. Names are a promise to scripts. */
export class RapportEnvironment {
  @IsOptional()
  @IsString()
  RAPPORT_DATA_DIR?: string;

  @IsOptional()
  @IsString()
  RAPPORT_HTTP_HOST?: string;

  @port()
  RAPPORT_HTTP_PORT = 4400;

  @IsOptional()
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: '$property must be a URL like https://preferences.example.com' },
  )
  RAPPORT_PUBLIC_URL?: string;

  @port()
  RAPPORT_CLICKHOUSE_PORT = 8123;

  @port()
  RAPPORT_POSTGRES_PORT = 54_320;

  @IsOptional()
  @MinLength(8, { message: '$property must have at least 8 characters' })
  RAPPORT_WRITE_KEY?: string;

  @IsOptional()
  @MinLength(16, { message: '$property must have at least 16 characters' })
  RAPPORT_API_KEY?: string;

  @base64Key()
  RAPPORT_MASTER_KEY?: string;

  @IsOptional()
  @Matches(/^[A-Za-z0-9+/]{43}=(,[A-Za-z0-9+/]{43}=)*$/, {
    message: '$property must be keys of 32 bytes in base64, several with commas between',
  })
  RAPPORT_OLDER_MASTER_KEYS?: string;

  @base64Key()
  RAPPORT_HASH_KEY?: string;

  @Type(() => Number)
  @IsInt({ message: '$property must be a whole number of seconds from 1 to 60' })
  @Min(1, { message: '$property must be a whole number of seconds from 1 to 60' })
  @Max(60, { message: '$property must be a whole number of seconds from 1 to 60' })
  RAPPORT_KEY_CACHE_SECONDS = 60;

  @Type(() => Number)
  @IsInt({ message: '$property must be a whole number of megabytes' })
  @Min(0, { message: '$property must be a whole number of megabytes; 0 keeps nothing free' })
  RAPPORT_DISK_RESERVE_MB = 512;

  @Type(() => Number)
  @IsInt({ message: '$property must be a whole number of megabytes' })
  @Min(100, { message: '$property must be at least 100' })
  RAPPORT_ANALYST_MEMORY_MB = 2_048;

  @IsOptional()
  @Matches(/^[^,\s]+:\d+(,[^,\s]+:\d+)*$/, { message: '$property must be host:port, or several with commas between' })
  RAPPORT_KAFKA_BROKERS?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: '$property must be a whole number' })
  @Min(1, { message: '$property must be at least 1' })
  @Max(1000, { message: '$property must be at most 1000' })
  RAPPORT_PARTITIONS?: number;

  @Type(() => Number)
  @IsInt({ message: '$property must be a whole number' })
  @Min(1, { message: '$property must be at least 1' })
  RAPPORT_KAFKA_REPLICATION_FACTOR = 1;

  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, {
    message: '$property must be a URL like postgres://user:password@host:5432/rapport',
  })
  RAPPORT_POSTGRES_URL?: string;

  @Type(() => Number)
  @IsInt({ message: '$property must be a whole number' })
  @Min(2, { message: '$property must be at least 2' })
  RAPPORT_POSTGRES_POOL = 16;

  @IsOptional()
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: '$property must be a URL like http://user:password@host:8123' },
  )
  RAPPORT_CLICKHOUSE_URL?: string;

  @IsString()
  @Matches(/^[A-Za-z_][A-Za-z0-9_]*$/, { message: '$property must be a plain name' })
  RAPPORT_CLICKHOUSE_DATABASE = 'rapport';

  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z_][A-Za-z0-9_-]*$/, { message: '$property must be a plain name' })
  RAPPORT_CLICKHOUSE_CLUSTER?: string;

  @IsOptional()
  @IsString()
  RAPPORT_DEFINITIONS_DIR?: string;

  @IsOptional()
  @IsIn(['silent', 'fatal', 'error', 'warn', 'info', 'debug'], {
    message: '$property must be one of silent, fatal, error, warn, info, debug',
  })
  RAPPORT_LOG_LEVEL?: RapportConfig['logLevel'];
}
