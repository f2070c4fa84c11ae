import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { DuplicatesController } from './duplicates.controller.js';
import { ListDuplicatesHandler } from './list-duplicates.query.js';
import { ReviewDuplicateHandler } from './review-duplicate.command.js';

/** Who is probably one person, for somebody to look at. */
@Module({
  imports: [CqrsModule],
  controllers: [DuplicatesController],
  providers: [ListDuplicatesHandler, ReviewDuplicateHandler],
})
export class DuplicatesModule {}
