// What delivery.json says: how traffic moves, when the old colour ends, how long the hooks may take.

import delivery from '../../delivery.json';
import { EnvironmentName } from '../environments';

export interface Shift {
  /** Canary: so many percent at once and the rest after the minutes. Linear: so many more percent every so many minutes. */
  readonly kind: 'canary' | 'linear';
  readonly percent: number;
  readonly minutes: number;
}

export interface Delivery {
  readonly shift: Shift;
  readonly blueEndsAfterMinutes: number;
}

export function deliveryOf(environment: EnvironmentName): Delivery {
  const { shift, blueEndsAfterMinutes } = delivery.environments[environment];
  const { kind, percent, minutes } = shift;
  if (kind !== 'canary' && kind !== 'linear') {
    throw new Error(`delivery.json: the shift of ${environment} is ${kind}; it must be canary or linear`);
  }
  return { shift: { kind, percent, minutes }, blueEndsAfterMinutes };
}

/** Seconds after which each hook has reported, one way or the other. */
export const hookSeconds = delivery.hookSeconds;
