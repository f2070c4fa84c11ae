import type { ValidationError } from '@nestjs/common';

/** What is wrong with the input, one sentence a fault. Values are not repeated: they can be personal. */
export function validationFaults(errors: readonly ValidationError[], parent = ''): readonly string[] {
  return errors.flatMap((error) => {
    const { property, value, constraints = {}, children = [] } = error;
    const path = `${parent}${property}`;
    return [...faultsOf(path, value, constraints), ...validationFaults(children, `${path}.`)];
  });
}

function faultsOf(path: string, value: unknown, constraints: Readonly<Record<string, string>>): readonly string[] {
  const said = [...new Set(Object.values(constraints))];
  if ('whitelistValidation' in constraints) return [`${path} is not known here; /openapi.json lists what is`];
  // Of what is missing every rule says something of its own; a rule with words of its own says what is wanted.
  if (value === undefined && said.length > 1) return [`${path} has to be given`];
  return said;
}
