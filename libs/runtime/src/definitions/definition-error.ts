/** One thing that is wrong in a definition file. `line` and `column` count from 1, as editors do. */
export interface DefinitionFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the document, for example `journey.steps[2].wait`; empty for the document itself. */
  readonly path: string;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

/** All faults of all definition files of a folder at once, so that one round of mending is enough. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  readonly faults: readonly DefinitionFault[];

  constructor(faults: readonly DefinitionFault[]) {
    super(faults.map(describe).join('\n'));
    this.faults = faults;
  }
}

function describe({ file, line, column, path, message }: DefinitionFault): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`;
}
