import { findDuplicates, type DuplicateRules } from '@rapport/identity';
import { describeUnless } from '@rapport/testing';
import {
  fake1000Rules,
  febrlRules,
  folder,
  isHere,
  readFake1000,
  readFebrl,
  type KnownPeople,
} from '../bench/src/known-people.js';
import { qualityOf } from '../bench/src/match-quality.js';
import { shippedRules } from '../bench/src/duplicates-data.js';
import { shopPeople } from '../bench/src/population.js';

const missing = isHere ? undefined : `${folder} is not there; the data sets with known duplicates are read from it.`;

const qualityFound = ({ records, truth }: KnownPeople, rules: DuplicateRules) => {
  const report = findDuplicates(records, rules);
  return { report, ...qualityOf(report, truth) };
};

describeUnless(missing)('duplicates of data sets that carry their truth', () => {
  it.each(['febrl1', 'febrl3'] as const)('are found in %s with F1 of at least 0.99', (name) => {
    const { pairs, people } = qualityFound(readFebrl(name), febrlRules);
    expect(pairs.f1).toBeGreaterThanOrEqual(0.99);
    expect(pairs.precision).toBe(1);
    expect(people.f1).toBeGreaterThanOrEqual(0.99);
  });

  it('are found in fake_1000 with F1 of at least 0.90', () => {
    const { pairs } = qualityFound(readFake1000(), fake1000Rules);
    expect(pairs.f1).toBeGreaterThanOrEqual(0.9);
    expect(pairs.precision).toBeGreaterThanOrEqual(0.99);
  });
});

describe('duplicates of a shop as the shipped rules find them', () => {
  const shipped = shippedRules();
  const shop = (count: number): KnownPeople => shopPeople(count, shipped);

  it('are right in at least 97 of 100 suggestions, and find most people, with 4,000 records', () => {
    const { pairs } = qualityFound(shop(4_000), shipped);
    expect(pairs.precision).toBeGreaterThanOrEqual(0.97);
    expect(pairs.f1).toBeGreaterThanOrEqual(0.9);
  });

  it('ask for more evidence the more records there are', () => {
    const [small, large] = [500, 4_000].map((count) => findDuplicates(shop(count).records, shipped).neededBits);
    expect(large).toBeGreaterThan(small! + 2);
  });
});
