import { Body, Controller, Get, Module, NotFoundException, Param, Post } from '@nestjs/common';
import { EventLogUnavailableError } from '@rapport/event-log';
import { createPostgresPool } from '@rapport/profile-db';
import { freePort, temporaryFolder } from '@rapport/testing';
import { loadConfig } from '../config/load-config.js';
import { startApp, type RunningApp } from '../run-service.js';

@Controller('probe')
class ProbeController {
  @Get('missing')
  missing(): never {
    throw new NotFoundException('there is no such probe');
  }

  @Get('broken')
  broken(): never {
    throw new Error('ada@example.com broke it');
  }

  @Get('database')
  async database(): Promise<unknown> {
    const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
    const pool = createPostgresPool({ url, poolSize: 1, applicationName: 'probe', onError: () => undefined });
    return pool.query('SELECT 1').finally(() => pool.end());
  }

  @Get('event-log')
  eventLog(): never {
    throw new EventLogUnavailableError('the folder of ada@example.com is away');
  }

  @Get('thing/:id')
  thing(@Param('id') id: string): unknown {
    return { length: id.length };
  }

  @Post('said')
  said(@Body() body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

describe('the application of one process', () => {
  const folder = temporaryFolder();
  let running: RunningApp;

  beforeAll(async () => {
    const config = loadConfig({
      RAPPORT_DATA_DIR: folder.path,
      RAPPORT_HTTP_PORT: String(await freePort()),
      RAPPORT_LOG_LEVEL: 'silent',
    });
    running = await startApp({ name: 'probe', services: [ProbeModule], config, usesPostgres: false });
  });
  afterAll(async () => {
    await running.stop();
    folder.remove();
  });

  const get = (path: string) => fetch(`${running.url}${path}`);

  it('says that it lives, and that the parts it uses are ready', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/health/ready')).json()).toEqual({ ready: true, parts: { 'event-log': 'ok' } });
  });

  it('shows its metrics to Prometheus', async () => {
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toContain('process_cpu_seconds_total');
  });

  it('describes itself', async () => {
    const document = (await (await get('/openapi.json')).json()) as { paths: object };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/probe/missing', '/health/ready', '/metrics']),
    );
  });

  it.each(['database', 'event-log'])(
    'answers that it may be tried again while the %s does not answer',
    async (part) => {
      const response = await get(`/probe/${part}`);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
      const problem = (await response.json()) as { detail: string };
      expect(problem.detail).toMatch(/does not answer. Try again/);
      expect(problem.detail).not.toContain('ada');
    },
  );

  it('answers errors as problems, and says nothing of what broke inside', async () => {
    const missing = await get('/probe/missing');
    expect(missing.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await missing.json()).toMatchObject({ status: 404, title: 'Not found', detail: 'there is no such probe' });

    const broken = await get('/probe/broken');
    expect(broken.status).toBe(500);
    const said = await broken.text();
    expect(said).not.toContain('ada');
    expect(said).toContain('its log says why');
  });

  it.each([
    ['application/json', '{"ada":', 400, /not valid JSON/],
    ['application/json', '', 400, /cannot be empty/],
    ['application/xml', '<ada/>', 415, /Unsupported Media Type/],
  ])(
    'says what is wrong with a body of %s that it cannot read, and repeats none of it',
    async (type, body, ...expected) => {
      const answer = await fetch(`${running.url}/probe/said`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      const said = (await answer.json()) as { detail: string };
      const [status, detail] = expected;
      expect([answer.status, said.detail]).toEqual([status, expect.stringMatching(detail)]);
      expect(JSON.stringify(said)).not.toContain('ada');
    },
  );

  it.each([
    ['is not URL-encoded', '/probe/thing/ada%ZZ', 400],
    ['is longer than any identifier', `/probe/thing/ada${'x'.repeat(12_000)}`, 414],
  ])('answers a path that %s as a problem, and repeats none of it', async (_, path, status) => {
    const answer = await get(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    const said = await answer.text();
    expect(JSON.parse(said)).toMatchObject({ status, detail: expect.stringContaining('URL-encode') });
    expect(said).not.toContain('ada');
  });

  it('takes a trailing slash for none, without a redirect', async () => {
    const response = await fetch(`${running.url}/health/live/`, { redirect: 'error' });
    expect(response.status).toBe(200);
  });

  it('names a port that is taken', async () => {
    const config = loadConfig({
      RAPPORT_DATA_DIR: folder.path,
      RAPPORT_HTTP_PORT: new URL(running.url).port,
      RAPPORT_LOG_LEVEL: 'silent',
    });
    await expect(startApp({ name: 'second', services: [], config, usesPostgres: false })).rejects.toThrow(
      `Port ${new URL(running.url).port} is taken`,
    );
  });
});
