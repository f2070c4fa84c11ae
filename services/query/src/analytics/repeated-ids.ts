import { DefinitionError, type Definition } from '@rapport/runtime';

/** Throws `DefinitionError` when two files of a kind have one id. */
export function refuseRepeatedIds(files: readonly Definition<{ readonly id: string }>[]): void {
  const faults = files.flatMap(({ value, faultAt }, at) =>
    files.findIndex((other) => other.value.id === value.id) < at
      ? [faultAt(['id'], `another file has the id "${value.id}"; give one of the two another`)]
      : [],
  );
  if (faults.length > 0) throw new DefinitionError(faults);
}
