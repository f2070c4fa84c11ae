import { Command, InvalidArgumentError } from 'commander';
import { withEndpointOptions } from '../endpoints.js';
import type { DemoOptions } from '../show-demo.js';
import { type Terminal } from '../terminal.js';

/** `rapport demo`: a shop's history, sent through the collector and read back through SQL. */
export function demoCommand(terminal: Terminal): Command {
  const command = new Command('demo')
    .description("send a shop's history to Rapport and read cohorts and lifetime value back")
    .option('--online-retail <file>', 'use the UCI Online Retail CSV (plain or .gz) instead of a generated shop')
    .option('--seed <number>', 'which generated shop', wholeNumber(-(2 ** 31), 2 ** 31 - 1), 1)
    .option(
      '--customers <number>',
      'how many people come to buy in the generated shop',
      wholeNumber(1, 1_000_000),
      3000,
    )
    .option('--shift-to-now', 'move the history so that it ends now; then segments and journeys act on it')
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('--json', 'print the result as JSON');
  return withEndpointOptions(command).action(async (options: DemoOptions) => {
    // Loaded only here: every other command starts without the services.
    const { showDemo } = await import('../show-demo.js');
    await showDemo(options, terminal);
  });
}

function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < lowest || value > highest) {
      throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`);
    }
    return value;
  };
}
