import { NotFoundException } from '@nestjs/common';

/** The definition of this id. Throws `NotFoundException`, which lists those there are. */
export function findDefinition<T extends { readonly id: string }>(
  definitions: readonly T[],
  id: string,
  folder: string,
): T {
  const found = definitions.find((definition) => definition.id === id);
  if (found !== undefined) return found;
  const known = definitions.map((definition) => definition.id).join(', ') || 'none';
  throw new NotFoundException(
    `Nothing is declared under this id. Known: ${known}. Add a file to definitions/${folder}.`,
  );
}
