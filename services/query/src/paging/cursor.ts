import { BadRequestException } from '@nestjs/common';

type Part = 'number' | 'string';

/** Where a page ended, as text that callers hand back and do not read. */
export function cursorOf(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The parts of a cursor, of these types in this order. Throws `BadRequestException` on any other text. */
export function readCursor(cursor: string, types: readonly Part[]): readonly (string | number)[] {
  const parts = parsed(cursor);
  if (!Array.isArray(parts) || parts.length !== types.length || !parts.every((part, i) => isOf(part, types[i]))) {
    throw new BadRequestException('cursor: is none of ours; give back nextCursor of the page before as it is');
  }
  return parts as readonly (string | number)[];
}

function isOf(part: unknown, type: Part | undefined): boolean {
  return typeof part === type && (type !== 'number' || Number.isSafeInteger(part));
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
