import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { DuplicatesController } from './duplicates.controller.js';
import { ListDuplicatesHandler } from './list-duplicates.query.js';
import { duplicatesDefinitionProvider } from './load-duplicate-rules.js';
import { ReviewDuplicateHandler } from './review-duplicate.command.js';

/** Who is probably one person, for somebody to look at. */
@Module({
  imports: [CqrsModule],
  controllers: [DuplicatesController],
  providers: [duplicatesDefinitionProvider, ListDuplicatesHandler, ReviewDuplicateHandler],
})
export class DuplicatesModule {}
