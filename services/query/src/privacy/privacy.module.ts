import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuditController } from '../audit/audit.controller.js';
import { AuditInterceptor } from '../audit/audit.interceptor.js';
import { ListAuditHandler } from '../audit/list-audit.query.js';
import { EraserLoop } from './eraser-loop.js';
import { ErasuresController } from './erasures.controller.js';
import { RequestErasureHandler } from './request-erasure.command.js';

/** Erasure, export and the audit log, which every route of the application is noted in. */
@Module({
  controllers: [ErasuresController, AuditController],
  providers: [
    EraserLoop,
    RequestErasureHandler,
    ListAuditHandler,
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
})
export class PrivacyModule {}
