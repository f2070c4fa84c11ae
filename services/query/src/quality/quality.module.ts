import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { GetQualityHandler } from './get-quality.query.js';
import { QualityController } from './quality.controller.js';
import { definitionWordsProvider } from './words-of-definitions.js';

/** How good the data is that comes in. */
@Module({
  imports: [CqrsModule],
  controllers: [QualityController],
  providers: [definitionWordsProvider, GetQualityHandler],
})
export class QualityModule {}
