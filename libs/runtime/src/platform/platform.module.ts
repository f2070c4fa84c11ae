import { Global, Module, type DynamicModule } from '@nestjs/common';
import { PLATFORM, type Platform } from './platform.js';

@Global()
@Module({})
export class PlatformModule {
  static for(platform: Platform): DynamicModule {
    return {
      module: PlatformModule,
      providers: [{ provide: PLATFORM, useValue: platform }],
      exports: [PLATFORM],
    };
  }
}
