import type { ValidationError } from '@nestjs/common';
import { validationFaults } from './validation-faults.js';

const fault = (property: string, more: Partial<ValidationError>): ValidationError => ({ property, ...more });

describe('what is said of input that is not what it should be', () => {
  it('one thing of what is missing', () => {
    const constraints = { maxLength: 'ownerId must be shorter', isNotEmpty: 'ownerId should not be empty' };
    expect(validationFaults([fault('ownerId', { constraints })])).toEqual(['ownerId has to be given']);
  });

  it('the words of the rule, once, where it has words of its own', () => {
    const wanted = 'period has to be given, once; write a month (2010-11)';
    const constraints = { isString: wanted, isLength: wanted };
    expect(validationFaults([fault('period', { constraints })])).toEqual([wanted]);
  });

  it('every rule that a given value breaks', () => {
    const constraints = { min: 'limit must not be less than 1', isInt: 'limit must be an integer number' };
    expect(validationFaults([fault('limit', { value: 'x', constraints })])).toEqual(Object.values(constraints));
  });

  it('what is not known, and where it stands', () => {
    const child = fault('colour', {
      value: 'red',
      constraints: { whitelistValidation: 'property colour should not exist' },
    });
    expect(validationFaults([fault('traits', { value: {}, children: [child] })])).toEqual([
      'traits.colour is not known here; /openapi.json lists what is',
    ]);
  });
});
