import { Module } from '@nestjs/common';
import { ConsumerModule, loadIdentityRules } from '@rapport/runtime';
import { resolveConsumer } from './resolve.consumer.js';

@Module({
  imports: [
    ConsumerModule.for(async (platform) => {
      // A fault in the rules stops the start, not the first batch.
      await loadIdentityRules(platform.config);
      return resolveConsumer(platform);
    }),
  ],
})
export class ResolveModule {}
