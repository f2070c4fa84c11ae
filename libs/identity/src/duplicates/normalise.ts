import type { FieldKind } from './duplicate-rules.js';

/** The form in which values of a kind are compared; `undefined` when nothing is left. */
export function normalise(kind: FieldKind, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const plain = value.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();
  return forms[kind](plain) || undefined;
}

const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();

const forms: Readonly<Record<FieldKind, (plain: string) => string>> = {
  name: letters,
  text: letters,
  code: (plain) => plain.replaceAll(/[^\p{L}\p{N}]/gu, ''),
  date: (plain) => (/^\d{4}-\d{2}-\d{2}/.test(plain) ? plain.slice(0, 10) : plain).replaceAll(/\D/g, ''),
  email: (plain) => plain.replaceAll(/\s/g, ''),
};
