import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ConsentsModule } from '../consents/consents.module.js';
import { AuditController } from '../audit/audit.controller.js';
import { AuditInterceptor } from '../audit/audit.interceptor.js';
import { ListAuditHandler } from '../audit/list-audit.query.js';
import { EraserLoop } from './eraser-loop.js';
import { ErasuresController } from './erasures.controller.js';
import { ExportController } from './export/export.controller.js';
import { ExportPersonHandler } from './export/export-person.query.js';
import { RequestErasureHandler } from './request-erasure.command.js';

/** Erasure, export and the audit log, which every route of the application is noted in. */
@Module({
  imports: [ConsentsModule],
  controllers: [ErasuresController, ExportController, AuditController],
  providers: [
    EraserLoop,
    RequestErasureHandler,
    ExportPersonHandler,
    ListAuditHandler,
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
})
export class PrivacyModule {}
