import type { PathCount } from './markov.js';

/**
 * Shapley values of the channels in the game v(S) = conversions of the paths that touch no channel outside S. The game is a
 * sum of unanimity games, one a path, so its solution is closed: each path's conversions in even parts to its distinct
 * channels. Other games (conversion rate of S) give other figures.
 */
export function shapley(paths: readonly PathCount[]): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const { path, conversions } of paths) {
    const channels = new Set(path);
    for (const channel of channels) values.set(channel, (values.get(channel) ?? 0) + conversions / channels.size);
  }
  return values;
}
