const resolveSources = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!specifier.startsWith('.') || !specifier.endsWith('.js')) throw error;
      return next(specifier.slice(0, -3) + '.ts', context);
    }
  },
});`;

/**
 * How to start a Node process on a TypeScript source of ours, unbuilt, as the tests themselves run: for `fork` and `spawn`.
 * Node strips the types by itself; what is left to do is to find `./x.ts` where the source says `./x.js`.
 */
export function typescriptProcess(): { readonly execArgv: string[] } {
  return {
    execArgv: [
      '--conditions=@rapport/source',
      '--disable-warning=ExperimentalWarning',
      `--import=data:text/javascript,${encodeURIComponent(resolveSources)}`,
    ],
  };
}
