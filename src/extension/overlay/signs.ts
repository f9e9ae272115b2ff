import type { OverlayState } from '../messages.ts';

const PERSON = 'M8 3a3 3 0 1 0 0 6 3 3 0 0 0 0-6M2.5 14c.8-2.6 3-3.5 5.5-3.5s4.7.9 5.5 3.5';
export const CLOCK = 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.5V8l2.5 1.5';
export const TICK = 'M3 8.5l3.5 3.5L13 4.5';
export const CROSS = 'M4 4l8 8M12 4l-8 8';

/** The sign of a state, so that never the colour alone says it. */
export const SIGNS: Readonly<Record<OverlayState, string>> = {
  subscribed: 'M2 4h12v8H2zM2 4l6 5 6-5',
  'opted-out': 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M4 12l8-8',
  differs: 'M2 5h10L9.5 2.5M14 11H4l2.5 2.5',
  loading: CLOCK,
  pending: CLOCK,
  'no-email': PERSON,
  'not-in-activecampaign': PERSON,
  'signed-out': 'M5 8a3 3 0 1 0 .01 0M7.2 8.8l6.3-6.3M11 5l2 2',
  unavailable: 'M8 2L1.5 13.5h13zM8 6.5v3.5M8 11.5v.8',
};
