import { Module } from '@nestjs/common';
import { ConsentsModule } from '../consents/consents.module.js';
import { LinkIdentifiersHandler, SplitIdentifierHandler } from './decide-identity.command.js';
import { GetIdentityGraphHandler } from './get-identity-graph.query.js';
import { IdentityController } from './identity.controller.js';
import { identityRulesProvider } from './identity-rules.js';
import { ListQuarantineHandler } from './list-quarantine.query.js';
import { PreviewLinkHandler } from './preview-link.query.js';

/** Who is who: the graph, what is quarantined, and operators' decisions. */
@Module({
  imports: [ConsentsModule],
  controllers: [IdentityController],
  providers: [
    identityRulesProvider,
    GetIdentityGraphHandler,
    ListQuarantineHandler,
    PreviewLinkHandler,
    LinkIdentifiersHandler,
    SplitIdentifierHandler,
  ],
})
export class IdentityModule {}
