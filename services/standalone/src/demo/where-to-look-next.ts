import { type DemoMessage, type ShopHistory } from './history.js';

/** Commands that work right after the demo, with a person of this very shop in them. */
export function whereToLookNext(history: ShopHistory, http: string): string {
  const buyer = history.touchpoints.findLast(({ message }) => isOrder(message))?.message.userId ?? '<user id>';
  return [
    'Where to look next',
    '',
    '  npx rapport sql "SELECT * FROM orders ORDER BY ordered_at DESC LIMIT 5"',
    '  npx rapport sql --heat-map "SELECT cohort_month, age_months, retention FROM cohort_retention_monthly" -o retention.svg',
    '  npx rapport sql "SHOW TABLES"',
    `  npx rapport profile ${buyer}`,
    '  npx rapport flow',
    `  ${http}/outbox`,
    '  docs/follow-one-touchpoint.md',
  ].join('\n');
}

function isOrder(message: DemoMessage): boolean {
  return message.event === 'Order Completed';
}
