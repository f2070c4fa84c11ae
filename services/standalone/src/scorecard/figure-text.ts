import type { MetricReading } from '@rapport/service-query';

type Unit = MetricReading['unit'];

/** A figure as people read it, in its unit; a dash where there is none. */
export function figureText(value: number | null, unit: Unit, currency: string): string {
  if (value === null) return '–';
  const number = (digits: number): string =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  switch (unit) {
    case 'share':
      return `${(value * 100).toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 0.01 ? 2 : 1 })}%`;
    case 'money':
      return `${number(Math.abs(value) < 1000 ? 2 : 0)} ${currency}`;
    case 'points':
    case 'hours':
      return number(1);
    case 'stars':
      return number(2);
    case 'count':
      return value.toLocaleString('en', { maximumFractionDigits: 1 });
  }
}

/** The change from one figure to another: in points for shares, in parts of the earlier one otherwise. */
export function changeText(value: number | null, previous: number | null, unit: Unit): string {
  if (value === null || previous === null) return '';
  const signed = (change: number, suffix: string): string =>
    `${change < 0 ? '-' : '+'}${Math.abs(change).toLocaleString('en', { maximumFractionDigits: 1 })}${suffix}`;
  if (unit === 'share') return signed((value - previous) * 100, ' pp');
  if (unit === 'points' || unit === 'stars') return signed(value - previous, '');
  return previous === 0 ? '' : signed((100 * (value - previous)) / Math.abs(previous), '%');
}
