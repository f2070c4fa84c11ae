import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { services } from '@rapport/events';
import { ConfigError, loadConfig } from '@rapport/runtime';
import { temporaryFolder } from '@rapport/testing';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: unknown;
}

const compose = parse(read('deploy/compose/compose.yaml'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const ours = [...services];
const settings = new Set(read('libs/runtime/src/config/environment.dto.ts').match(/\bRAPPORT_[A-Z_]+/g));

/** What somebody fills in, on top of deploy/config/.env.example. */
const secrets = {
  RAPPORT_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  RAPPORT_HASH_KEY: Buffer.alloc(32, 2).toString('base64'),
  RAPPORT_WRITE_KEY: 'write-key-1',
  RAPPORT_API_KEY: 'api-key-of-16-characters',
  POSTGRES_PASSWORD: 'p0stgres',
  CLICKHOUSE_PASSWORD: 'cl1ckhouse',
  CLICKHOUSE_ANALYST_PASSWORD: 'analyst',
};

/** What compose mounts in the container, as it is on this machine. */
const foldersHere = (dataDir: string) => ({
  RAPPORT_DATA_DIR: dataDir,
  RAPPORT_DEFINITIONS_DIR: join(root, 'deploy/definitions'),
});

/** Variables as compose replaces them: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`. */
function interpolate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_match, name: string, kind?: string, rest?: string) => {
    if (values[name]) return values[name];
    if (kind === '-') return rest ?? '';
    throw new Error(`${name} is missing`);
  });
}

function environmentOf(service: string, values: Readonly<Record<string, string>>): Record<string, string> {
  const declared = Object.entries(compose.services[service]?.environment ?? {});
  return Object.fromEntries(declared.map(([name, value]) => [name, interpolate(String(value), values)]));
}

describe('deploy/compose', () => {
  it.each(ours)('runs %s by its name, from the one image', (name) => {
    expect(compose.services[name]).toMatchObject({ command: [name], image: '${RAPPORT_IMAGE:-rapport:local}' });
  });

  it('runs nothing else of ours', () => {
    const built = Object.entries(compose.services).filter(([, service]) => 'build' in service);

    expect(built.map(([name]) => name).sort()).toEqual([...ours].sort());
  });

  it.each(ours)('gives %s an environment it accepts, on real databases', (name) => {
    const folder = temporaryFolder();

    const config = loadConfig({ ...environmentOf(name, secrets), ...foldersHere(folder.path) });

    expect(config).toMatchObject({
      eventLog: { kind: 'kafka', brokers: ['kafka:9092'] },
      postgres: { url: 'postgres://rapport:p0stgres@postgres:5432/rapport', embedded: undefined },
      clickhouse: { url: 'http://clickhouse:8123', password: 'cl1ckhouse', embedded: undefined },
    });
    folder.remove();
  });

  it.each(Object.keys(secrets))('does not start without %s', (missing) => {
    const { [missing as keyof typeof secrets]: _missing, ...rest } = secrets;

    expect(() => Object.keys(compose.services).map((name) => environmentOf(name, rest))).toThrow(
      `${missing} is missing`,
    );
  });

  it('pins the images of others, and Kafka to the version that the tests run', () => {
    const foreign = Object.values(compose.services).filter((service) => !('build' in service));

    expect(foreign.map(({ image }) => image).filter((image) => !/:\d/.test(image))).toEqual([]);
    const kafka = /<kafka\.version>(.*)<\/kafka\.version>/.exec(read('test/kafka/pom.xml'))?.[1];
    expect(compose.services.kafka?.image).toBe(`apache/kafka:${kafka}`);
  });

  it('waits only for parts that are there and say when they are healthy', () => {
    for (const { depends_on: needs = {} } of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(needs)) {
        expect(condition).toBe('service_healthy');
        expect(compose.services[name]).toHaveProperty('healthcheck');
      }
    }
  });

  it('lets collect start while the databases are away', () => {
    expect(Object.keys(compose.services.collect?.depends_on ?? {})).toEqual(['kafka']);
  });

  it('publishes ports on this machine only, each once', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);

    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length);
  });

  it('mounts files and volumes that exist', () => {
    const sources = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.filter((volume) => volume.includes(':')).map((volume) => volume.split(':')[0]!),
    );
    const missing = sources.filter((source) =>
      source.startsWith('.') ? !existsSync(join(root, 'deploy/compose', source)) : !(source in compose.volumes),
    );

    expect(missing).toEqual([]);
  });
});

describe('deploy/config/.env.example', () => {
  const example = read('deploy/config/.env.example');
  const lines = [...example.matchAll(/^(# )?([A-Z][A-Z_]+)=(.*)$/gm)].map(([, comment, name, value]) => ({
    commented: comment !== undefined,
    name: name!,
    value: value!,
  }));

  it('names every setting once, and nothing that is none', () => {
    const named = lines.map(({ name }) => name).filter((name) => name.startsWith('RAPPORT_'));

    expect(named.sort()).toEqual([...settings].sort());
  });

  it('leaves open exactly the secrets that compose asks for', () => {
    const open = lines.filter(({ commented }) => !commented);

    expect(Object.fromEntries(open.map(({ name, value }) => [name, value]))).toEqual(
      Object.fromEntries(Object.keys(secrets).map((name) => [name, ''])),
    );
  });

  it('shows values that are accepted', () => {
    const folder = temporaryFolder();
    const shown = Object.fromEntries(lines.map(({ name, value }) => [name, value]));

    const load = () => loadConfig({ ...shown, ...secrets, ...foldersHere(folder.path) });

    expect(load).not.toThrow(ConfigError);
    folder.remove();
  });
});

describe('deploy/docker', () => {
  const dockerfile = read('deploy/docker/Dockerfile');

  it('runs on the Node that the project asks for', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const images = [...dockerfile.matchAll(/^FROM node:(\d+)/gm)].map((match) => `>=${match[1]}`);

    expect(images.length).toBeGreaterThan(0);
    expect(new Set(images)).toEqual(new Set([engines.node]));
  });

  it('does not run as root', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
  });
});
