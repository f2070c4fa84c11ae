import { type WriteStream } from 'node:tty';

/** Where a command prints. Results go to `print`, everything about the work itself to `note`. */
export interface Terminal {
  print(text: string): void;
  note(text: string): void;
  /** False when piped, or when the user asked for none (NO_COLOR). */
  readonly colours: boolean;
  /** The stream for progress bars; undefined when nobody watches. */
  readonly progress: NodeJS.WriteStream | undefined;
}

export function terminalOf(out: NodeJS.WriteStream, err: NodeJS.WriteStream): Terminal {
  return {
    print: (text) => void out.write(`${text}\n`),
    note: (text) => void err.write(`${text}\n`),
    colours: isTerminal(out) && out.hasColors(256),
    progress: isTerminal(err) ? err : undefined,
  };
}

function isTerminal(stream: NodeJS.WriteStream): stream is WriteStream {
  return stream.isTTY === true;
}

/** Values are what people and programs sent: none of them may steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\ufffd');
}
