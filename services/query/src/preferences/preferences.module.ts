import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { TouchpointRecorder } from '../commands/touchpoint-recorder.js';
import { ConsentsModule } from '../consents/consents.module.js';
import { PreferenceCentre } from './preference-centre.js';
import { PreferenceLinksController } from './preference-links.controller.js';
import { PreferencesController } from './preferences.controller.js';

const multipart = 'multipart/form-data';

@Module({
  imports: [ConsentsModule],
  controllers: [PreferencesController, PreferenceLinksController],
  providers: [PreferenceCentre, TouchpointRecorder],
})
export class PreferencesModule implements OnModuleInit {
  constructor(@Inject(HttpAdapterHost) private readonly http: HttpAdapterHost) {}

  /** Mail providers may post their one click as multipart; what it says is in the address already. */
  onModuleInit(): void {
    const fastify = this.http.httpAdapter.getInstance<FastifyInstance>();
    if (fastify.hasContentTypeParser(multipart)) return;
    fastify.addContentTypeParser(multipart, { parseAs: 'buffer' }, (_request, _body, done) => done(null, {}));
  }
}
