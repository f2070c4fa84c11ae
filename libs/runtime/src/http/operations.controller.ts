import { Controller, Get, Header, HttpException, HttpStatus, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { HealthReport } from '../observability/health-checks.js';
import { PLATFORM, type Platform } from '../platform/platform.js';

/** What whoever runs the process asks it. */
@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process answers; says nothing about what it depends on' })
  @ApiOkResponse()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Every part that this process uses answers; 503 otherwise, naming the part' })
  @ApiOkResponse()
  async ready(): Promise<HealthReport> {
    const report = await this.platform.health.report();
    if (!report.ready) throw new HttpException(report, HttpStatus.SERVICE_UNAVAILABLE);
    return report;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Prometheus metrics' })
  metrics(): Promise<string> {
    return this.platform.metrics.metrics();
  }
}
