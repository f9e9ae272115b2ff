import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lean } from '../../src/companion/lean.ts';
import { isObject, parsed } from '../../src/service/http.ts';
import type { Wanted } from '../../src/service/wanted.ts';

/** What is to be left, by the long way. */
function left(value: unknown, wanted: Wanted): unknown {
  if (wanted === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => left(item, wanted));
  const members = Object.entries(value).filter(([name]) => Object.hasOwn(wanted, name));
  return Object.fromEntries(members.map(([name, member]) => [name, left(member, wanted[name] ?? true)]));
}

/** What `JSON.parse` makes of what is left of a text; undefined where nothing is left, or that is no JSON. */
const kept = (text: string, wanted: Wanted) => parsed(lean(Buffer.from(text), wanted) ?? '');

/** Few names, so that many are wanted, come twice, or begin alike. */
const name = fc.constantFrom('id', 'email', 'links', 'lists', 'list', 'i', '', 'é', 'constructor');
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'{}[]",:\\/ ab0\n\u0001é€😀\u2028'), maxLength: 12 }),
  fc.constantFrom('https://acme.api-us1.com/api/3/contacts/7/bounceLogs', '{', '}', '\\"', 'x"}'),
);
const scalar = fc.oneof(text, fc.constantFrom(null, true, false), fc.integer(), fc.double({ noNaN: true }));
const { json } = fc.letrec<{ json: unknown; members: [string, unknown][] }>((tie) => ({
  members: fc.array(fc.tuple(name, tie('json')), { maxLength: 5 }),
  json: fc.oneof(
    { maxDepth: 5, depthSize: 'large' },
    scalar,
    fc.array(tie('json'), { maxLength: 4 }),
    tie('members').map((members) => new Members(members as [string, unknown][])),
  ),
}));

/** An object as it is written: a name may come twice. */
class Members {
  readonly all: readonly [string, unknown][];
  constructor(all: readonly [string, unknown][]) {
    this.all = all;
  }
}

/** JSON with blanks and escapes as `next` says, which gives numbers from 0 up to 1. */
function written(value: unknown, next: () => number): string {
  const blank = () => (next() < 0.2 ? (['  ', '\n', '\t', '\r\n'][Math.floor(next() * 4)] ?? '') : '');
  const spaced = (part: string) => `${blank()}${part}${blank()}`;
  if (value instanceof Members)
    return spaced(
      `{${blank()}${value.all.map(([key, of]) => `${spaced(JSON.stringify(key))}:${written(of, next)}`).join()}}`,
    );
  if (Array.isArray(value)) return spaced(`[${blank()}${value.map((item) => written(item, next)).join()}]`);
  if (typeof value !== 'string' || next() < 0.5) return spaced(JSON.stringify(value));
  const escaped = [...Array(value.length).keys()].map((n) => {
    const code = value.charCodeAt(n);
    if (next() < 0.3) return `\\u${code.toString(16).padStart(4, '0')}`;
    if (code === 0x2f && next() < 0.5) return '\\/';
    return (code & 0xf800) === 0xd800
      ? `\\u${code.toString(16)}`
      : JSON.stringify(String.fromCharCode(code)).slice(1, -1);
  });
  return spaced(`"${escaped.join('')}"`);
}

const writing = fc
  .tuple(json, fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 40 }))
  .map(([value, numbers]) => {
    let n = 0;
    return written(value, () => numbers[n++ % numbers.length] ?? 0);
  });

const { wanted } = fc.letrec<{ wanted: Wanted }>((tie) => ({
  wanted: fc.oneof(
    { maxDepth: 4 },
    fc.constant(true),
    fc.dictionary(name, tie('wanted'), { noNullPrototype: true }),
  ) as fc.Arbitrary<Wanted>,
}));

describe('what is left of a text', () => {
  test('is what JSON.parse gives, less what is not wanted', () => {
    fc.assert(
      fc.property(writing, wanted, (text, wanted) => {
        expect(kept(text, wanted)).toEqual(left(JSON.parse(text), wanted));
      }),
      { numRuns: 600 },
    );
  });

  test('is the same of a page of contacts, whatever is in it', () => {
    const contact = fc.record({ id: text, email: text, note: scalar, links: fc.dictionary(name, text), deep: json });
    const page = fc.array(contact.map((members) => new Members(Object.entries(members).map(([key, of]) => [key, of]))));
    fc.assert(
      fc.property(page, (contacts) => {
        const text = written(new Members([['contacts', contacts]]), () => 0.4);
        const wanted: Wanted = { contacts: { id: true, email: true } };
        expect(kept(text, wanted)).toEqual(left(JSON.parse(text), wanted));
      }),
      { numRuns: 150 },
    );
  });

  test('is never anything where JSON.parse refuses, as far as it is looked at', () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      take: fc.integer({ min: 0, max: 3 }),
      put: fc.string({ unit: fc.constantFrom(...'{}[]",:\\u019-+.eEtrufalsn \n\u0001é'), maxLength: 3 }),
    });
    fc.assert(
      fc.property(writing, wanted, change, (text, wanted, { at, take, put }) => {
        // A blank before each end keeps any object from being leapt over.
        const whole = text.replaceAll('}', ' }');
        const from = Math.floor(at * whole.length);
        const changed = whole.slice(0, from) + put + whole.slice(from + take);
        const value = kept(changed, wanted);
        if (value !== undefined) expect(value).toEqual(left(JSON.parse(changed), wanted));
      }),
      { numRuns: 800 },
    );
  });

  test('is what JSON.parse gives also of a changed text, or nothing, or JSON.parse refuses', () => {
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...'{}[]",:\\ x0'));
    fc.assert(
      fc.property(writing, wanted, change, (text, wanted, [at, put]) => {
        const from = Math.floor(at * text.length);
        const changed = text.slice(0, from) + put + text.slice(from);
        const all = parsed(changed);
        const value = kept(changed, wanted);
        if (all !== undefined && value !== undefined) expect(value).toEqual(left(all, wanted));
      }),
      { numRuns: 800 },
    );
  });
});

describe('nothing is left', () => {
  const page = '{"contacts":[{"id":"7","links":{"x":"https://acme/7","y":"https://acme/8"}}],"meta":{"total":"1"}}';

  test('of a text that is cut anywhere', () => {
    for (let end = 0; end < page.length; end++)
      expect(kept(page.slice(0, end), { contacts: { id: true } }), page.slice(0, end)).toBeUndefined();
    expect(kept(page, { contacts: { id: true } })).toEqual({ contacts: [{ id: '7' }] });
  });

  test.each([
    ['', 'nothing'],
    ['<html>', 'a web page'],
    ['{"id":"7"} {"id":"8"}', 'two texts'],
    ['{"id":01}', 'a number that begins with 0'],
    ['{"id":"\\x41"}', 'an escape that is none'],
    ['{"id":"a\tb"}', 'a tab in a string'],
    ['{"id":"7",}', 'a comma too many'],
    ['{"i\\u0064":"7"}', 'a name with an escape'],
    [`${'['.repeat(100)}${']'.repeat(100)}`, 'what is very deep'],
    ['\ufeff{"id":"7"}', 'a byte order mark'],
    ['{"id":{"a":nothing "b":"x1"}}', 'an object that is none, where it is wanted'],
  ])('of %j: %s', (text) => {
    expect(kept(text, { id: true })).toBeUndefined();
  });

  test.each([
    ...['-', '1.', '.5', '1e', '1e+', '+1', '01', '-a', 'tru', 'nul', 'True', 'NaN', 'undefined', "'a'", '', '/**/1'],
    ...['"a\tb"', '"a', '"\\u00g0"', '"\\u00"', '"\\x"', '"\u0000"', '[1,]', '[,1]', '[1 2]', '[1', '[1}', '{"a" }'],
    ...['{"a":}', '{a:1}', '{"a":1,}', '{"a":1 "b":2}', '{"a" 1}', '{"a":1', '{"a":1]', '{1:1}', '1 1', '"a" "b"'],
  ])('where what is not wanted is %j', (value) => {
    const text = `{"id":"7","other":${value},"more":1}`;
    expect(parsed(text)).toBeUndefined();
    expect(kept(text, { id: true })).toBeUndefined();
  });
});

describe('an object that is leapt over', () => {
  const wanted: Wanted = { email: true };
  test.each([
    ['{"links":{"a":"b1","c":"d1"},"email":"e"}', 'of links'],
    ['{"links":{"a":{"b":"c1"},"email":"not this"},"email":"e"}', 'with another in it'],
    ['{"links":{"a":"b1}","email":"not this1"},"email":"e"}', 'with an end in a text'],
    ['{"links":{"a":"b1\\"},\\"email\\":\\"not this1"},"email":"e"}', 'with an end behind an escaped quote'],
    ['{"links":{"a":"}","email":"not this1"},"email":"e"}', 'with an end as a text'],
    ['{"links":{"a":[{"email":"not this1"}]},"email":"e"}', 'with others in an array'],
    ['{"links":{"a":"{","email":"not this1"},"email":"e"}', 'with a beginning as a text'],
    ['{"links":{"a":"0\\\\"},"email":"e"}', 'that ends in an escape'],
  ])('ends where it ends: %s, %s', (text) => {
    expect(isObject(JSON.parse(text))).toBe(true);
    expect(kept(text, wanted)).toEqual({ email: 'e' });
  });
});
