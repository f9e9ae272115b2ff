import { describe, expect, test } from 'vitest';
import { contactOf, countOf, instantOf, listOf, membershipOf } from '../../src/activecampaign/wire.ts';

const iso = (value: unknown): string | null => {
  const instant = instantOf(value);
  return instant === null ? null : new Date(instant).toISOString();
};

describe('an instant', () => {
  test.each([
    ['2021-06-30T04:12:14-05:00', '2021-06-30T09:12:14.000Z', 'with an offset'],
    ['2021-01-30T04:12:14-06:00', '2021-01-30T10:12:14.000Z', 'with the winter offset'],
    ['2021-06-30T04:12:14-0500', '2021-06-30T09:12:14.000Z', 'with an offset without a colon'],
    ['2021-06-30T04:12:14Z', '2021-06-30T04:12:14.000Z', 'with Z'],
    ['2020-05-24 05:16:44', '2020-05-24T10:16:44.000Z', 'without a zone: Central summer time'],
    ['2020-12-24 05:16:44', '2020-12-24T11:16:44.000Z', 'without a zone: Central winter time'],
    ['2020-05-24T05:16:44', '2020-05-24T10:16:44.000Z', 'without a zone but with a T'],
    ['2026-03-08 01:59:59', '2026-03-08T07:59:59.000Z', 'in the last second of winter time'],
    ['2026-03-08 03:00:00', '2026-03-08T08:00:00.000Z', 'in the first second of summer time'],
    ['2026-11-01 02:00:00', '2026-11-01T08:00:00.000Z', 'in winter time again'],
    ['2020-05-24', '2020-05-24T05:00:00.000Z', 'a day: its Central midnight'],
  ])('%s is %s (%s)', (text, instant) => {
    expect(iso(text)).toBe(instant);
  });

  test.each([null, undefined, '', '0000-00-00', '0000-00-00 00:00:00', 'soon', '2020-13-45 00:00:00', {}])(
    '%j is none',
    (value) => {
      expect(iso(value)).toBeNull();
    },
  );
});

describe('a number', () => {
  test.each([
    ['3', 3],
    [3, 3],
    ['0', 0],
    [' 7 ', 7],
  ])('%j is %i', (value, number) => {
    expect(countOf(value)).toBe(number);
  });

  test.each([null, undefined, '', 'three', '-1', '1.5', {}, []])('%j is unknown', (value) => {
    expect(countOf(value)).toBeUndefined();
  });
});

describe('a membership', () => {
  const row = { id: '39', contact: '106', list: '69', status: '2', sdate: '2021-03-23T06:04:35-05:00', udate: null };

  test('reads the same from strings and from the numbers of a new row', () => {
    const other = membershipOf({ ...row, id: 39, list: 69, status: 2 });
    expect(membershipOf(row)).toEqual(other);
    expect(other).toMatchObject({ id: '39', list: '69', status: 2, unsubscribedAt: null });
  });

  test('keeps a status that nobody knows', () => {
    expect(membershipOf({ ...row, status: '91' })?.status).toBe(91);
  });

  test('is none without a status, which must not pass for unconfirmed', () => {
    expect(membershipOf({ ...row, status: null })).toBeUndefined();
    expect(membershipOf({ ...row, status: '' })).toBeUndefined();
  });

  test('tells why it is as it is', () => {
    const why = { sourceid: 3, unsubreason: 'too many', campaign: '12', form: '0', unsubscribeAutomation: null };
    expect(membershipOf({ ...row, ...why, channel: 'SMS' })).toMatchObject({
      sourceid: '3',
      unsubscribeReason: 'too many',
      campaign: '12',
      form: null,
      unsubscribeAutomation: null,
      channel: 'sms',
    });
  });
});

test('a contact is gone when it is deleted or anonymised, in whatever type that is said', () => {
  const gone = (more: object): boolean | undefined => contactOf({ id: '1', ...more })?.gone;
  expect([{ deleted: '1' }, { deleted: 1 }, { anonymized: true }, { anonymized: '1' }].map(gone)).not.toContain(false);
  expect([{}, { deleted: '0' }, { deleted: null, anonymized: false }].map(gone)).not.toContain(true);
});

test('a contact whose bounce counter cannot be read is none', () => {
  expect(contactOf({ id: '1', bounced_hard: 'many' })).toBeUndefined();
  expect(contactOf({ id: '1', bounced_hard: null })?.bouncedHard).toBe(0);
});

test('a list of an account that does not say the channel is for email', () => {
  expect(listOf({ id: 72, name: 'News' })).toEqual({ id: '72', name: 'News', channel: 'email' });
  for (const channel of ['sms', 'SMS']) expect(listOf({ id: 72, name: 'News', channel })?.channel).toBe('sms');
});
