import { describe, expect, test } from 'vitest';
import { createLine } from '../../src/salesforce/line.ts';
import { refusalOf } from '../../src/salesforce/refusal.ts';
import { createMetadata } from '../../src/salesforce/setup/metadata.ts';
import { standstill } from '../service/standstill.ts';
import { failureOf } from './world.ts';

const TOKEN = '00D000000000001!a-token-that-nobody-may-see';

/** The Metadata API whose replies are these, one after the other; the last again and again. */
function answering(...replies: readonly (readonly [status: number, text: string])[]) {
  const sent: { readonly url: string; readonly body: string }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    sent.push({ url, body: String(init.body) });
    const [status, text] = replies[Math.min(sent.length, replies.length) - 1] ?? [500, ''];
    return new Response(text, { status, headers: { 'Content-Type': 'text/xml' } });
  };
  const line = createLine({ url: 'https://acme.my.salesforce.com', fetch, timeoutMs: 1_000, refusalOf });
  const token = async () => TOKEN;
  const refused = async () => 'another & newer token';
  return { sent, metadata: createMetadata(line, '60.0', { ...standstill(), token, refused }) };
}

const envelope = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="x"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
const fault = (code: string, words: string) =>
  envelope(
    `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: ${words}</faultstring></soapenv:Fault>`,
  );
const NONE = envelope('<listMetadataResponse/>');

describe('the Metadata API', () => {
  test('is asked at the org’s own host and no other, and an empty list is one', async () => {
    const { sent, metadata } = answering([200, NONE]);
    expect(await metadata.list()).toEqual([]);
    expect(sent.map(({ url }) => url)).toEqual(['https://acme.my.salesforce.com/services/Soap/m/60.0']);
  });

  test('is asked for a layout by its name whatever that has in it', async () => {
    const { sent, metadata } = answering([200, envelope('<readMetadataResponse/>')]);
    await metadata.read(['Contact-R&D <new> Layout', 'Contact-</fullNames><fullNames>Other']);
    expect(sent[0]?.body).toContain('<fullNames>Contact-R&amp;D &lt;new&gt; Layout</fullNames>');
    expect(sent[0]?.body.match(/<fullNames>/g)).toHaveLength(2);
  });

  test('is asked again with another token once, whatever that has in it', async () => {
    const expired = fault('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader');
    const mended = answering([500, expired], [200, NONE]);
    await mended.metadata.list();
    expect(mended.sent[1]?.body).toContain('<sessionId>another &amp; newer token</sessionId>');
    const barred = answering([500, expired]);
    expect(await failureOf(barred.metadata.list())).toMatchObject({ kind: 'unauthorised' });
    expect(barred.sent).toHaveLength(2);
  });

  test('refuses in its own words and code, and never with the token', async () => {
    const { metadata } = answering([
      500,
      fault('INSUFFICIENT_ACCESS', `no right, and your token is ${TOKEN} &amp; so on`),
    ]);
    const failure = await failureOf(metadata.list());
    expect(failure).toMatchObject({ kind: 'forbidden', detail: { code: 'INSUFFICIENT_ACCESS' } });
    expect(failure.detail.words).toBe('no right, and your token is … & so on');
  });

  test('that is down or cut off is asked again for what it says, and never for what it does', async () => {
    for (const reply of [
      [503, '<html><title>Down</title></html>'],
      [200, NONE.slice(0, -20)],
      [200, ''],
    ] as const) {
      const { sent, metadata } = answering(reply, [200, NONE]);
      expect(await metadata.list()).toEqual([]);
      expect(sent).toHaveLength(2);
      const writing = answering(reply);
      await failureOf(writing.metadata.update('<fullName>Contact-A</fullName>'));
      expect(writing.sent).toHaveLength(1);
    }
  });

  test('gives no layout for a record without content', async () => {
    const records =
      '<records xsi:nil="true"/><records xsi:type="Layout"/><records><fullName>A</fullName><b/></records>';
    const { metadata } = answering([
      200,
      envelope(`<readMetadataResponse><result>${records}</result></readMetadataResponse>`),
    ]);
    expect([...(await metadata.read(['A', 'B', 'C']))]).toEqual([['A', '<fullName>A</fullName><b/>']]);
  });
});
