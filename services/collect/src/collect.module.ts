import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { describeError, loadIdentityRules, loadWorkspaces, PLATFORM, type Platform } from '@rapport/runtime';
import type { FastifyInstance } from 'fastify';
import { createCollectMetrics } from './collect-metrics.js';
import { Collector } from './collector.js';
import { DiskReserve, freeBytesOf } from './disk-reserve.js';
import { Admission } from './http/admission.js';
import { collectRoutes } from './http/collect-routes.js';
import { edgeLimits } from './limits.js';
import { createSourceRegistry } from './source-registry.js';
import { loadTrackingPlan } from './tracking-plan/load-tracking-plan.js';

const measureDiskEveryMs = 1_000;

/**
 * Takes touchpoints over HTTP. Its routes are Fastify's own, in a context of their own: the path of an event pays for no
 * pipe, guard or parser of Nest, and the rest of the application keeps its body parsers.
 */
@Module({})
export class CollectModule implements OnModuleInit, OnModuleDestroy {
  private measuring: NodeJS.Timeout | undefined;

  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
  ) {}

  async onModuleInit(): Promise<void> {
    const { platform } = this;
    const findSource = createSourceRegistry(await loadWorkspaces(platform.config));
    const admission = new Admission(edgeLimits);
    const metrics = createCollectMetrics(platform.metrics, admission);
    const plan = await loadTrackingPlan(platform.config);
    const disk = await this.watchDisk();
    const collector = new Collector(platform, metrics, plan, await loadIdentityRules(platform.config));
    const app: FastifyInstance = this.adapterHost.httpAdapter.getInstance();
    app.register(collectRoutes({ collector, findSource, admission, metrics, platform, disk }));
  }

  onModuleDestroy(): void {
    clearInterval(this.measuring);
  }

  /** Of Kafka's disks only Kafka knows. */
  private async watchDisk(): Promise<DiskReserve | undefined> {
    const { config, health, logger } = this.platform;
    if (config.eventLog.kind !== 'embedded') return undefined;
    const { folder } = config.eventLog;
    const reserve = new DiskReserve(config.diskReserveBytes, () => freeBytesOf(folder));
    const measure = async (): Promise<void> => {
      const news = await reserve.measure().catch((error: unknown) => {
        logger.warn({ error: describeError(error) }, 'the free space of the disk is not known');
        return false;
      });
      if (news && reserve.isSpent) logger.error('the disk is nearly full: touchpoints are refused until there is room');
      else if (news) logger.warn('there is room on the disk again: touchpoints are taken');
    };
    await measure();
    this.measuring = setInterval(() => void measure(), measureDiskEveryMs).unref();
    health.register('disk', async () => reserve.check());
    return reserve;
  }
}
