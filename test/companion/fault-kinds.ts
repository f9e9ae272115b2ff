import type { Fault, FaultKind } from '../../src/sandbox/faults.ts';
import { LONG } from '../long.ts';

/** What can go wrong with any request. */
export const KINDS: Record<string, FaultKind> = {
  'answers 500': { kind: 'status', status: 500 },
  'answers 503 with a page in HTML': {
    kind: 'status',
    status: 503,
    body: '<html>Maintenance</html>',
    headers: { 'Content-Type': 'text/html' },
  },
  'answers 502 after the work is done': { kind: 'status', status: 502, when: 'after' },
  'drops the connection before the work': { kind: 'drop' },
  'drops the connection after the work': { kind: 'drop', when: 'after' },
  'cuts the answer': { kind: 'cut' },
  'answers 200 with nothing': { kind: 'status', status: 200, body: '' },
  'answers 200 with {}': { kind: 'status', status: 200, body: {} },
  'answers 429': { kind: 'status', status: 429, headers: { 'Retry-After': '1' } },
  'answers 403': { kind: 'status', status: 403, body: { message: 'Forbidden' } },
};

/** Once or all night; in the long version also on each side of the work, twice, and on a later request. */
const WHENS: readonly Partial<Fault>[] = LONG ? [{}, { when: 'before' }, { when: 'after' }] : [{}];
const TIMES: readonly Partial<Fault>[] = [{ times: 1 }, {}, ...(LONG ? [{ times: 2 }, { times: 1, skip: 1 }] : [])];
export const inWords = (more: Partial<Fault>) =>
  Object.entries(more)
    .map(([key, value]) => `, ${key} ${value}`)
    .join('');

/** Those that last all night are few in the usual version: what they end in is the same for most. */
const LASTING = ['answers 500', 'drops the connection after the work', 'cuts the answer', 'answers 403'];

/** How often and on which side of the work a fault of this kind comes. */
export function often(what: string): readonly Partial<Fault>[] {
  const all: readonly Partial<Fault>[] = WHENS.flatMap((when) => TIMES.map((times) => ({ ...when, ...times })));
  return all.filter(({ times }) => LONG || times === 1 || LASTING.includes(what));
}
