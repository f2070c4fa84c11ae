import { parseDuration } from '@rapport/events';

/** The grounds of GDPR article 6 on which people may be written to or their data used. */
export const lawfulBases = ['consent', 'legitimate-interest', 'contract', 'legal-obligation'] as const;
export type LawfulBasis = (typeof lawfulBases)[number];

/** As the YAML file says it, already checked against `schemas/definitions/consent.schema.json`. */
export interface ConsentFile {
  readonly text_version: string;
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  readonly purposes: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly part_of?: string;
    readonly basis: LawfulBasis;
    readonly basis_by_channel?: Readonly<Record<string, LawfulBasis>>;
    readonly channels?: readonly string[];
    readonly valid_for?: string;
  }[];
  readonly frequencies: readonly {
    readonly id: string;
    readonly name: string;
    readonly at_most?: number;
    readonly within?: string;
  }[];
}

export interface Purpose {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The wider purpose this one belongs to: what is said of that one counts here as well. */
  readonly partOf: string | null;
  readonly basis: LawfulBasis;
  readonly basisByChannel: Readonly<Record<string, LawfulBasis>>;
  /** Channels on which people are asked; empty where the purpose knows none. */
  readonly channels: readonly string[];
  /** How long a grant lasts, milliseconds; `null` until it is withdrawn. */
  readonly validForMs: number | null;
}

export interface Frequency {
  readonly id: string;
  readonly name: string;
  /** `null`: as many as there are. */
  readonly limit: { readonly atMost: number; readonly withinMs: number } | null;
}

export interface ConsentPolicy {
  readonly textVersion: string;
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  readonly purposes: readonly Purpose[];
  readonly frequencies: readonly Frequency[];
}

export function consentPolicyFrom(file: ConsentFile): ConsentPolicy {
  return {
    textVersion: file.text_version,
    channels: file.channels,
    purposes: file.purposes.map((purpose) => ({
      id: purpose.id,
      name: purpose.name,
      description: purpose.description,
      partOf: purpose.part_of ?? null,
      basis: purpose.basis,
      basisByChannel: purpose.basis_by_channel ?? {},
      channels: purpose.channels ?? [],
      validForMs: purpose.valid_for === undefined ? null : parseDuration(purpose.valid_for),
    })),
    frequencies: file.frequencies.map(({ id, name, at_most: atMost, within }) => ({
      id,
      name,
      limit: atMost === undefined || within === undefined ? null : { atMost, withinMs: parseDuration(within) },
    })),
  };
}

/** What is wrong with a consent file, where, and how to mend it. */
export interface ConsentFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a JSON Schema cannot say of a consent file. */
export function consentFaults({ purposes, channels, frequencies }: ConsentFile): readonly ConsentFault[] {
  const faults: ConsentFault[] = [];
  const say = (path: ConsentFault['path'], message: string): void => void faults.push({ path, message });
  for (const [part, ids] of [
    ['purposes', purposes.map(({ id }) => id)],
    ['channels', channels.map(({ id }) => id)],
    ['frequencies', frequencies.map(({ id }) => id)],
  ] as const) {
    ids.forEach((id, i) => {
      if (ids.indexOf(id) < i) say([part, i, 'id'], `"${id}" is declared twice; give each an id of its own`);
    });
  }
  const knownChannels = new Set(channels.map(({ id }) => id));
  purposes.forEach((purpose, i) => {
    const above = purposes.find(({ id }) => id === purpose.part_of);
    if (purpose.part_of !== undefined && (above === undefined || above.part_of !== undefined)) {
      say(['purposes', i, 'part_of'], 'names no purpose that stands by itself; name one that has no part_of');
    }
    for (const channel of [...(purpose.channels ?? []), ...Object.keys(purpose.basis_by_channel ?? {})]) {
      if (!knownChannels.has(channel)) {
        say(['purposes', i], `channel "${channel}" is not declared; add it to channels, or correct it`);
      }
    }
  });
  return faults;
}

/** What is allowed, and on which ground, where nobody declared the purpose: nothing without consent. */
export function basisOf(policy: ConsentPolicy, purpose: string, channel: string): LawfulBasis {
  const declared = policy.purposes.find(({ id }) => id === purpose);
  return declared === undefined ? 'consent' : (declared.basisByChannel[channel] ?? declared.basis);
}
