import { Decimal } from 'decimal.js';
import { apportion } from '../../statistics/apportion.js';
import { markov, type MarkovOptions, type PathCount } from '../../statistics/markov.js';
import { shapley } from '../../statistics/shapley.js';

/** Conversions without any touch in the look-back are credited to this label, in every model. */
export const noTouch = '(none)';

/** More labels than this make one system of equations each too slow to solve while somebody waits. */
export const mostLabels = 150;

export interface WalkedPath extends PathCount {
  readonly value: Decimal;
}

export interface Credit {
  readonly label: string;
  readonly conversions: Decimal;
  readonly value: Decimal;
}

export interface PathModels {
  readonly markov: readonly Credit[];
  /** By label: share of conversions lost without it. */
  readonly removalEffects: ReadonlyMap<string, number>;
  readonly shapley: readonly Credit[];
}

const places = 9;

/**
 * The models that need all paths together. Credits add up to the conversions and their value exactly; the value is split in the
 * proportion of the model's conversions.
 */
export function modelsOfPaths(paths: readonly WalkedPath[], options: MarkovOptions): PathModels {
  const touched = paths.filter(({ path }) => path[0] !== noTouch);
  const { removalEffects } = markov(touched, options);
  return {
    markov: creditsOf(paths, removalEffects),
    removalEffects,
    shapley: creditsOf(paths, shapley(touched)),
  };
}

function creditsOf(paths: readonly WalkedPath[], weights: ReadonlyMap<string, number>): readonly Credit[] {
  const [untouched, touched] = [true, false].map((wanted) =>
    paths.filter(({ path }) => (path[0] === noTouch) === wanted).reduce(add, { conversions: 0, value: new Decimal(0) }),
  ) as [Total, Total];
  const labels = [...weights.keys()].sort();
  const shares = labels.map((label) => weights.get(label) ?? 0);
  const conversions = apportion(new Decimal(touched.conversions), shares, places);
  const value = apportion(touched.value, shares, 4);
  const credited = labels.map((label, at) => ({
    label,
    conversions: conversions[at] ?? new Decimal(0),
    value: value[at] ?? new Decimal(0),
  }));
  const nobody = { label: noTouch, conversions: new Decimal(untouched.conversions), value: untouched.value };
  return untouched.conversions === 0 ? credited : [...credited, nobody];
}

interface Total {
  readonly conversions: number;
  readonly value: Decimal;
}

function add(total: Total, { conversions, value }: WalkedPath): Total {
  return { conversions: total.conversions + conversions, value: total.value.plus(value) };
}
