import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { loadIdentityRules, loadWorkspaces, PLATFORM, type Platform } from '@rapport/runtime';
import type { FastifyInstance } from 'fastify';
import { createCollectMetrics } from './collect-metrics.js';
import { Collector } from './collector.js';
import { Admission } from './http/admission.js';
import { collectRoutes } from './http/collect-routes.js';
import { edgeLimits } from './limits.js';
import { createSourceRegistry } from './source-registry.js';
import { loadTrackingPlan } from './tracking-plan/load-tracking-plan.js';

/**
 * Takes touchpoints over HTTP. Its routes are Fastify's own, in a context of their own: the path of an event pays for no
 * pipe, guard or parser of Nest, and the rest of the application keeps its body parsers.
 */
@Module({})
export class CollectModule implements OnModuleInit {
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
    const collector = new Collector(platform, metrics, plan, await loadIdentityRules(platform.config));
    const app: FastifyInstance = this.adapterHost.httpAdapter.getInstance();
    app.register(collectRoutes({ collector, findSource, admission, metrics, platform }));
  }
}
