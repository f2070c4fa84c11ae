import { Matrix, solve } from 'ml-matrix';

/** People who walked the same channels in the same order: how many ended in a conversion, and how many in none. */
export interface PathCount {
  /** In order of time; a channel may repeat. */
  readonly path: readonly string[];
  readonly conversions: number;
  readonly nulls: number;
}

export interface MarkovModel {
  /** Of a walk from the start. */
  readonly conversionProbability: number;
  /** By channel: the share of conversions that is lost when every step into the channel ends the walk. 0 to 1. */
  readonly removalEffects: ReadonlyMap<string, number>;
  /** By state, `start` first: where a walk goes next, with what probability. `conversion` and `null` are the ends. */
  readonly transitions: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Where conventions differ; the figures do too. */
export interface MarkovOptions {
  /** What taking a channel out does. step: a walk ends at the step into it. path: whoever touched it converts no more. */
  readonly removal?: 'step' | 'path';
  /** Whether paths that ended in no conversion count. */
  readonly nullPaths?: boolean;
}

const start = '(start)';
const conversion = '(conversion)';
const nothing = '(null)';

/**
 * Attribution by an absorbing Markov chain of order 1 (Anderl et al. 2016), solved exactly: the probability of reaching the
 * conversion is the solution of one linear system, and so it is for each channel taken out. No simulation, no randomness.
 */
export function markov(
  paths: readonly PathCount[],
  { removal = 'step', nullPaths = true }: MarkovOptions = {},
): MarkovModel {
  const counts = countSteps(nullPaths ? paths : paths.map((path) => ({ ...path, nulls: 0 })));
  const channels = [...counts.keys()].filter((state) => state !== start).sort();
  const transitions = new Map([...counts].map(([state, next]) => [state, shares(next)]));
  const conversionProbability = absorption(transitions, channels);
  const lostSteps = (channel: string): number => {
    const others = channels.filter((other) => other !== channel);
    return conversionProbability === 0 ? 0 : 1 - absorption(transitions, others) / conversionProbability;
  };
  const converted = paths.reduce((sum, { conversions }) => sum + conversions, 0);
  const lostPaths = (channel: string): number => {
    const through = paths.reduce((sum, { path, conversions }) => sum + (path.includes(channel) ? conversions : 0), 0);
    return converted === 0 ? 0 : through / converted;
  };
  const lost = removal === 'step' ? lostSteps : lostPaths;
  const removalEffects = new Map(channels.map((channel) => [channel, Math.min(1, Math.max(0, lost(channel)))]));
  return { conversionProbability, removalEffects, transitions };
}

function countSteps(paths: readonly PathCount[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  const add = (from: string, to: string, weight: number): void => {
    if (weight <= 0) return;
    const next = counts.get(from) ?? new Map<string, number>();
    counts.set(from, next.set(to, (next.get(to) ?? 0) + weight));
  };
  for (const { path, conversions, nulls } of paths) {
    const last = path.at(-1);
    if (last === undefined) continue;
    [start, ...path.slice(0, -1)].forEach((from, step) => add(from, path[step] as string, conversions + nulls));
    add(last, conversion, conversions);
    add(last, nothing, nulls);
  }
  return counts;
}

function shares(next: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const total = [...next.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...next].map(([state, weight]) => [state, weight / total]));
}

/** Probability of ending in the conversion when the chain has these channels only; a step into another one is the end. */
function absorption(transitions: MarkovModel['transitions'], channels: readonly string[]): number {
  const states = [start, ...channels];
  const indexOf = new Map(states.map((state, index) => [state, index]));
  const system = Matrix.eye(states.length, states.length);
  const ends = Matrix.zeros(states.length, 1);
  states.forEach((state, row) => {
    for (const [next, share] of transitions.get(state) ?? []) {
      if (next === conversion) ends.set(row, 0, share);
      const column = indexOf.get(next);
      if (column !== undefined) system.set(row, column, system.get(row, column) - share);
    }
  });
  return solve(system, ends).get(0, 0);
}
