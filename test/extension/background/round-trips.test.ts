import { describe, expect, test } from 'vitest';
import { createRig, HOST } from './rig.ts';

const QUERY = expect.stringMatching(/^GET \/services\/data\/v[\d.]+\/query$/);
const COLLECTION = expect.stringMatching(/^PATCH \/services\/data\/v[\d.]+\/composite\/sobjects$/);

/** Somebody who has been read before, by a worker that has died since: what costs a request each is kept. */
async function known(who = 'ann') {
  const rig = createRig();
  const person = rig.sandbox.character(who);
  const { address } = await rig.read(person.contactRecord);
  rig.restart();
  const pause = 60_000;
  await rig.sleep(pause);
  return { ...rig, record: person.contactRecord, address, pause };
}

describe('what the rep waits for', () => {
  test('is two round trips for a fresh status: the record, then everything with its address at once', async () => {
    const { during, read, record, slept, pause } = await known();
    expect(await during(() => read(record))).toEqual([[QUERY], ['GET /api/3/contacts', QUERY, QUERY]]);
    expect(slept).toEqual([pause]);
  });

  test('is no more in a browser that has just started: the lists are asked for with the record', async () => {
    const { during, read, sandbox, slept } = createRig();
    const rounds = await during(() => read(sandbox.character('ann').contactRecord));
    expect(rounds).toEqual([
      ['GET /api/3/lists', QUERY],
      ['GET /api/3/contacts', QUERY, QUERY],
    ]);
    expect(slept).toEqual([]);
  });

  test('is two from a click until both systems are changed: each side read, and each side written', async () => {
    const { during, outbox, record, address, slept, pause } = await known();
    const rounds = await during(async () => {
      await outbox.want({ host: HOST, record, address });
      await outbox.drain();
    });
    expect(rounds.slice(0, 2)).toEqual([
      ['GET /api/3/contacts', QUERY, QUERY],
      [COLLECTION, 'POST /api/3/contactLists', 'POST /api/3/contactLists'],
    ]);
    // And once more to see that it holds.
    expect(rounds.slice(2)).toEqual([['GET /api/3/contacts', QUERY, QUERY]]);
    expect(slept).toEqual([pause]);
  });
});

test('with another key the lists are asked for again: another user may see others', async () => {
  const { during, read, record, settings } = await known();
  settings.activeCampaignKey = 'another-key-of-the-account';
  const rounds = await during(() => read(record).catch(() => undefined));
  expect(rounds[0]).toContain('GET /api/3/lists');
});
