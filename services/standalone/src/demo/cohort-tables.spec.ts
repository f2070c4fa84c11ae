import { lifetimeValueTable, retentionTable } from './cohort-tables.js';

const plain = { colours: false };
const retention = [
  { cohortMonth: '2010-02-01', ageMonths: 0, customers: 374, active: 374, retention: 1 },
  { cohortMonth: '2010-01-01', ageMonths: 0, customers: 1383, active: 1383, retention: 1 },
  { cohortMonth: '2010-01-01', ageMonths: 2, customers: 1383, active: 430, retention: 0.3109 },
];

describe('cohort tables', () => {
  it('put one cohort on a line, oldest first, under aligned months of age', () => {
    expect(retentionTable(retention, plain).split('\n')).toEqual([
      'cohort  customers   M0   M1   M2',
      '─────── ───────── ──── ──── ────',
      '2010-01     1,383 100%       31%',
      '2010-02       374 100%',
    ]);
  });

  it('print lifetime value with as many digits as its size needs', () => {
    const row = { cohortMonth: '2010-01-01', ageMonths: 0, customers: 3 };
    expect(lifetimeValueTable([{ ...row, ltv: 1996.53 }], plain)).toContain('1,997');
    expect(lifetimeValueTable([{ ...row, ltv: 61.25 }], plain)).toMatch(/61\.3$/);
  });

  it('shade cells when there is colour, without moving the columns', () => {
    const coloured = retentionTable(retention, { colours: true });
    expect(coloured).toContain('\u001b[48;5;');
    // eslint-disable-next-line no-control-regex -- taking the colours away must give the plain table
    expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(retentionTable(retention, plain));
  });

  it('print only the head when there is no cohort yet', () => {
    expect(retentionTable([], plain).split('\n')).toHaveLength(2);
  });
});
