import { deriveId } from '@rapport/events';

/** The timer that ends a wait. */
export function timerIdOf(instanceId: string, stepId: string): string {
  return deriveId('journey-timer', instanceId, stepId);
}

/** The message that a step sends: once, however often it is decided. */
export function deliveryIdOf(instanceId: string, stepId: string): string {
  return deriveId('delivery', instanceId, stepId);
}
