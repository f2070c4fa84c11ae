import { Global, Module } from '@nestjs/common';
import { PLATFORM, type Platform } from '../platform/platform.js';
import { ApiKeys } from './api-keys.js';

/** One view of the keys for all of a process: `constructor(@Inject(ApiKeys) private readonly keys: ApiKeys)`. */
@Global()
@Module({
  providers: [
    {
      provide: ApiKeys,
      useFactory: ({ eventLog, codec, clock, config }: Platform) =>
        new ApiKeys({ eventLog, codec, clock, installationKey: config.secrets.apiKey }),
      inject: [PLATFORM],
    },
  ],
  exports: [ApiKeys],
})
export class ApiKeysModule {}
