import { type Terminal } from './terminal.js';

/** 1: the command failed; 2: Rapport is not running. Wrong usage is 1 too. */
export type ExitCode = 1 | 2;

/** A failure that a person can mend; `hint` says how. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(
    message: string,
    options: { readonly hint?: string; readonly exitCode?: ExitCode; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Prints what went wrong and how to mend it; gives the exit code. */
export function reportFailure(error: unknown, terminal: Terminal, { json }: { readonly json: boolean }): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  const { hint, exitCode } = error instanceof CommandError ? error : { hint: undefined, exitCode: 1 as const };
  if (json) terminal.note(JSON.stringify({ error: { message, ...(hint && { hint }) } }));
  else terminal.note(`rapport: ${message}${hint ? `\n\n${hint}` : ''}`);
  return exitCode;
}
