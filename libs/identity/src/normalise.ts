import { parsePhoneNumberFromString, type CountryCode, type MetadataJson } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import type { IdentifierRule, IdentityRules } from './rules.js';

export interface EmailRules {
  /** `lower`: the part before the @ is taken in lower case; `keep`: as sent. The domain is always lower case. */
  readonly localPart: 'lower' | 'keep';
  /** `strip`: `ada+news@example.com` is `ada@example.com`. */
  readonly plus: 'strip' | 'keep';
  /** Domains that ignore dots before the @, for example gmail.com. */
  readonly dotlessDomains: ReadonlySet<string>;
}

const maxLength = 512;

/** The value as it is compared and hashed; `undefined` where it is no value of its type. */
export function normalise(value: string, rule: IdentifierRule, rules: IdentityRules): string | undefined {
  if (value.length > maxLength) return undefined;
  switch (rule.normalise) {
    case 'none':
      return value;
    case 'lower-case':
      return value.trim().toLowerCase();
    case 'email':
      return normalisedEmail(value, rules.email);
    case 'phone':
      return normalisedPhone(value, rules.defaultCountry);
  }
}

function normalisedEmail(value: string, { localPart, plus, dotlessDomains }: EmailRules): string | undefined {
  const parts = /^([^\s@]+)@([^\s@]+\.[^\s@.]+)$/.exec(value.trim());
  if (!parts) return undefined;
  const domain = parts[2]!.toLowerCase();
  let local = localPart === 'lower' ? parts[1]!.toLowerCase() : parts[1]!;
  if (plus === 'strip') local = local.replace(/(?<=.)\+.*$/, '');
  if (dotlessDomains.has(domain)) local = local.replaceAll('.', '');
  return local === '' ? undefined : `${local}@${domain}`;
}

/** E.164; `undefined` for what is no valid number, or has no country code where the rules give no country. */
function normalisedPhone(value: string, country: string | undefined): string | undefined {
  const number = parsePhoneNumberFromString(
    value,
    { ...(country === undefined ? {} : { defaultCountry: country as CountryCode }), extract: false },
    metadata as unknown as MetadataJson,
  );
  return number?.isValid() ? number.number : undefined;
}
