import { describe, expect, it } from 'vitest';
import type { RecordUpdate } from '../../src/salesforce/salesforce.ts';
import { fatesOf, updateAll } from '../../src/salesforce/update.ts';
import { type FailureDetail, ServiceFailure } from '../../src/service/failure.ts';
import { standstill } from '../service/standstill.ts';

/** Updates of records, call by call and row by row. */

const update = (id: string): RecordUpdate => ({ object: 'Contact', id, values: { HasOptedOutOfEmail: true } });
const refused = (over: Partial<FailureDetail>) =>
  new ServiceFailure({ service: 'salesforce', kind: 'forbidden', call: 'PATCH /', words: 'no', ...over });

describe('a row that may not be written', () => {
  const sentAfter = async (first: ServiceFailure) => {
    const sent: string[] = [];
    const send = async (chunk: readonly RecordUpdate[]) => {
      sent.push(...chunk.map(({ id }) => id));
      return chunk.map(({ id }) => (id === '003A' ? first : undefined));
    };
    const outcomes = await updateAll({ updates: ['003A', '003B'].map(update), send, size: 1, ...standstill() });
    return { sent, failed: outcomes.filter(({ failure }) => failure).map(({ id }) => id) };
  };

  it('keeps no other from being written, unless it is the call that was refused', async () => {
    expect(await sentAfter(refused({}))).toEqual({ sent: ['003A', '003B'], failed: ['003A'] });
    expect(await sentAfter(refused({ status: 403 }))).toEqual({ sent: ['003A'], failed: ['003A', '003B'] });
  });
});

describe('a reply', () => {
  const ids = ['003Qy0000004C9CIAU', '003Qy0000004C9DIAU'];
  const said = (...body: readonly unknown[]) =>
    fatesOf('PATCH /', ids.map(update), body)?.map((failure) => failure?.kind ?? 'done');

  it('says of a row that it was done, or it was not', () => {
    expect(said({ id: ids[0], success: true }, { id: ids[1]?.slice(0, 15), success: true })).toEqual(['done', 'done']);
    expect(said({ success: false, errors: [] }, { id: ids[1] })).toEqual(['rejected', 'rejected']);
    expect(said(null, 'done')).toEqual(['malformed', 'malformed']);
  });

  it('about other records, or another number of them, is none about these', () => {
    expect(said({ id: ids[1], success: true }, { id: ids[0], success: true })).toEqual(['malformed', 'malformed']);
    expect([said({ id: ids[0], success: true }), fatesOf('PATCH /', [], {})]).toEqual([undefined, undefined]);
  });
});
