import { expect, test } from 'vitest';
import { checkedConnection } from '../../src/activecampaign/checked-connection.ts';
import { createSurvey } from '../../src/activecampaign/survey.ts';
import { standstill } from '../service/standstill.ts';

/** An account that answers so, and the requests that it got. */
function survey(answer: (query: URLSearchParams) => object) {
  const asked: URLSearchParams[] = [];
  const fetch = async (url: string) => {
    const { searchParams } = new URL(url);
    asked.push(searchParams);
    return Response.json(answer(searchParams));
  };
  return {
    asked,
    ...createSurvey(checkedConnection({ url: 'https://acme.api-us1.com', key: 'k3y', fetch, ...standstill() })),
  };
}

test('a tag is the one of exactly this name among those that contain it, on whatever page it stands', async () => {
  const like = Array.from({ length: 120 }, (_, n) => ({ id: `${n + 1}`, tag: `vip ${n}`, subscriber_count: '9' }));
  const tags = [...like, { id: '500', tag: 'vip', subscriber_count: '3' }];
  const { tag } = survey((query) => {
    const from = Number(query.get('offset'));
    return { tags: tags.slice(from, from + 100), meta: { total: `${tags.length}` } };
  });
  expect(await tag('vip')).toEqual({ id: '500', name: 'vip', contacts: 3 });
  expect(await tag('gold')).toBeUndefined();
});

test('whoever changed since is asked for by an instant with its zone', async () => {
  const { changedSince, asked } = survey(() => ({ contacts: [], meta: { total: '7' } }));
  expect(await changedSince('12', Date.parse('2026-11-21T20:00:00Z'))).toBe(7);
  expect(asked.map((query) => query.get('filters[updated_after]'))).toEqual(['2026-11-21T20:00:00.000Z']);
});

test('of several bounces the latest is told, in whatever order they come', async () => {
  const logs = ['2026-03-01T10:00:00-06:00', '2026-05-01T10:00:00-05:00', '2026-04-01T10:00:00-05:00'];
  const { bounceWords } = survey(() => ({
    bounceLogs: logs.map((tstamp, n) => ({ id: `${n}`, tstamp, error: tstamp })),
  }));
  expect(await bounceWords('7')).toBe('2026-05-01T10:00:00-05:00');
});
