import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ListLine, Status } from '../../src/extension/messages.ts';
import { launchPlain } from './browser.ts';
import { soon } from './soon.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';
import { ABOUT, NOW, RECORD, STATUSES } from './statuses.ts';

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  browser = await launchPlain();
});
afterAll(() => browser.close());
afterEach(() => stage.close());

const pill = () => stage.page.getByRole('button', { name: /^Email status/ });
const panel = () => stage.page.getByRole('dialog', { name: /^Email status/ });
const texts = (selector: string) => panel().locator(selector).allTextContents();
const inRecords = (selector: string) =>
  panel()
    .locator('section', { has: stage.page.locator('h3', { hasText: 'Salesforce records' }) })
    .locator(selector)
    .allTextContents();

async function open(status: Status, options: StageOptions = {}): Promise<void> {
  stage = await openStage(await browser.newContext(), status, options);
  await pill().click();
  await stage.ready();
}

describe('the panel', () => {
  test('says once what keeps the click and the reading alike, and that what it shows is older', async () => {
    const problem = STATUSES.pending.pending.problem;
    await open({ ...STATUSES.pending, problem });
    await soon(async () => (await texts('b')).filter((text) => text === 'ActiveCampaign is busy')).toHaveLength(1);
    const OLDER = 'What is shown was read before that.';
    await soon(() => texts('.note')).toContain(OLDER);
    // Signed out, too.
    const signedOut = { service: 'salesforce', kind: 'unauthorised', words: '', retryAt: null } as const;
    await stage.push({ ...STATUSES.subscribed, state: 'signed-out', problem: signedOut });
    await soon(() => texts('.note')).toEqual([OLDER]);
  });

  test('shows the page’s own record first, and says of a converted lead that it does not count', async () => {
    const [contact, lead] = STATUSES['differs-part'].records;
    const mine = { ...STATUSES['differs-part'], record: lead?.id ?? '' };
    await open(mine, { path: `/lightning/r/Lead/${lead?.id}/view` });
    await soon(() => inRecords('li > b')).toEqual([
      expect.stringContaining('Lead'),
      expect.stringContaining('Contact'),
    ]);
    await stage.push({ ...mine, records: contact ? [contact] : [] });
    await panel().getByText('This lead was converted').waitFor();
    await stage.push({ ...mine, records: [] });
    await soon(() => inRecords('li')).toEqual([expect.stringContaining('This lead was converted')]);
  });

  test('offers to ask nobody whose mail comes back, and speaks of no address where there is none', async () => {
    await open(STATUSES['differs-activecampaign'], { about: ABOUT.bounced });
    await panel().getByText('Mail came back for good').waitFor();
    expect(await panel().getByRole('button', { name: 'Ask the person instead' }).count()).toBe(0);
    // No list to be subscribed to again, and no box to be cleared.
    expect(await panel().getByRole('button', { name: 'Opt in again…' }).count()).toBe(0);
    await stage.push({ ...STATUSES['no-email'], records: STATUSES.subscribed.records.slice(0, 1) });
    await soon(() => texts('h3')).toEqual(['Salesforce']);
  });

  test('is read again when the network is back, as after the machine’s sleep', async () => {
    await open(STATUSES.subscribed);
    const before = stage.asked.length;
    const context = stage.page.context();
    await context.setOffline(true);
    await context.setOffline(false);
    await soon(() => stage.asked.slice(before)).toContainEqual({ kind: 'status', record: RECORD, fresh: false });
  });

  test('does not say that the nightly run settles what it leaves alone', async () => {
    const UNTAGGED = 'The nightly run leaves this as it is.';
    await open(STATUSES['differs-activecampaign'], { about: ABOUT.changed });
    await panel().getByText(UNTAGGED).waitFor();
    await stage.push(STATUSES['differs-part']);
    await panel().getByText('The nightly run looks at both sides.').waitFor();
    await stage.push({ ...STATUSES['differs-part'], twins: [] });
    await panel().getByText(UNTAGGED).waitFor();
  });

  test('reads like its own texts on a page that runs from right to left, and a name that does so is set apart', async () => {
    const name = 'محمد';
    const records = STATUSES.subscribed.records.slice(0, 1).map((line) => ({ ...line, name, company: 'شركة' }));
    await open(
      { ...STATUSES.subscribed, name, records },
      { html: '<!doctype html><html lang="ar" dir="rtl"><title>سجل</title>' },
    );
    const said = panel().getByText('May be emailed');
    expect(await said.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
    await soon(() => inRecords('li > b')).toEqual([expect.stringMatching(/\u2068محمد\u2069, \u2068شركة\u2069/)]);
  });

  test('has the height of a low window, beside the pill where there is room', async () => {
    const html = `<!doctype html><html lang="en"><title>A record</title><body style="margin: 0">
      <records-highlights2 style="display: block; height: 60px; margin-top: 150px"><h1 style="display: inline">Ann Lee</h1></records-highlights2>`;
    await open(STATUSES.subscribed, { html, viewport: { width: 800, height: 400 } });
    const box = await panel().boundingBox();
    const pressed = await pill().boundingBox();
    expect(box?.height).toBeGreaterThan(360);
    expect(box?.x).toBeGreaterThan((pressed?.x ?? 0) + (pressed?.width ?? 0));
    const knob = await panel().getByRole('switch').boundingBox();
    expect((knob?.y ?? 0) + (knob?.height ?? 0)).toBeLessThan(250);
  });
});

test('the way back in opens in sight, with the focus in it, however many lists there are, and gives the focus back', async () => {
  const line = STATUSES['opted-out'].lists[0];
  const lists = Array.from({ length: 30 }, (_, n) => ({ ...line, list: `${n}`, name: `List ${n}` }) as ListLine);
  await open({ ...STATUSES['opted-out'], lists });
  const opener = panel().getByRole('button', { name: 'Opt in again…' });
  await opener.click();
  const first = panel().getByRole('radio', { name: 'Asked by email' });
  await soon(() => first.evaluate((radio) => radio.matches(':focus'))).toBe(true);
  const inSight = async () => {
    const [box, foot] = await Promise.all([first.boundingBox(), panel().locator('.foot').boundingBox()]);
    return (box?.y ?? 999) + (box?.height ?? 0) <= (foot?.y ?? 0);
  };
  await soon(inSight).toBe(true);
  // A group of radio buttons is one stop for Tab, and arrows go round in it.
  const { keyboard } = stage.page;
  const focused = (role: 'radio' | 'checkbox', name: string) =>
    soon(() =>
      panel()
        .getByRole(role, { name, exact: true })
        .evaluate((pick) => pick.matches(':focus')),
    ).toBe(true);
  await keyboard.press('ArrowUp');
  await focused('radio', 'Other');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowRight');
  await focused('radio', 'Asked by phone');
  await keyboard.press('Space');
  await panel().getByRole('radio', { name: 'Asked by phone', checked: true }).waitFor();
  await keyboard.press('Tab');
  await focused('checkbox', 'List 0');
  await keyboard.press('Shift+Tab');
  await focused('radio', 'Asked by phone');
  await panel().getByRole('button', { name: 'Cancel' }).click();
  await soon(() => opener.evaluate((button) => button.matches(':focus'))).toBe(true);
  await opener.click();
  await first.click();
  await panel().getByRole('button', { name: 'Opt in', exact: true }).click();
  await soon(() => panel().evaluate((element) => element.scrollTop)).toBe(0);
});

test('on a page that runs from right to left the pill is on the other side of the name, and grows away from it', async () => {
  stage = await openStage(await browser.newContext(), STATUSES.subscribed, {
    html: `<!doctype html><html lang="ar" dir="rtl"><title>سجل</title><body style="margin: 0">
      <records-highlights2 style="display: block; height: 60px; margin: 40px"><h1 style="display: inline">محمد عبد الله</h1></records-highlights2>`,
  });
  const gap = async () => {
    const [own, name] = await Promise.all([pill().boundingBox(), stage.page.locator('h1').boundingBox()]);
    const beside = own && name && own.y < 100;
    return beside ? name.x - (own.x + own.width) : null;
  };
  await soon(gap).toBeCloseTo(12, 0);
  await stage.push(STATUSES['differs-part']);
  await soon(() => pill().textContent()).toContain('Systems differ');
  await soon(gap).toBeCloseTo(12, 0);
});

test('the pill goes with a header that is scrolled inside a shadow root', async () => {
  stage = await openStage(await browser.newContext(), STATUSES.subscribed, {
    html: `<!doctype html><html lang="en"><title>A record</title><body style="margin: 0"><record-home><template shadowrootmode="open">
      <div id="scroller" style="height: 300px; overflow: auto"><records-highlights2 style="display: block; height: 60px; margin-top: 100px"><h1 style="display: inline">Ann Lee</h1></records-highlights2><div style="height: 900px"></div></div></template></record-home>`,
  });
  const top = async () => (await pill().boundingBox())?.y ?? 0;
  await soon(top).toBeLessThan(160);
  const before = await top();
  // No timer has it looked for again meanwhile.
  await stage.page.clock.install({ time: NOW });
  await stage.page.clock.pauseAt(NOW + 1_000);
  await stage.page.locator('#scroller').evaluate((scroller) => scroller.scrollTo(0, 40));
  await soon(top).toBe(before - 40);
});

describe('what was read', () => {
  const readings = () => stage.asked.filter(({ kind }) => kind === 'status');

  test('long ago is read again when somebody comes back to the window, and when the panel is opened', async () => {
    stage = await openStage(await browser.newContext(), {
      ...STATUSES.subscribed,
      readAt: new Date(NOW - 3_600_000).toISOString(),
    });
    expect(readings()).toEqual([]);
    await stage.page.evaluate(() => dispatchEvent(new Event('focus')));
    await soon(readings).toHaveLength(1);
    await pill().click();
    await soon(readings).toHaveLength(2);
  });

  const ask = (what: string) =>
    stage.page.evaluate((what) => fetch(`/aura?r=7&aura.RecordUi.${what}=1`).then((reply) => reply.text()), what);

  test('is read again when the page has saved a record, and not when it has read one', async () => {
    stage = await openStage(await browser.newContext(), STATUSES.subscribed);
    await ask('getRecordWithFields');
    await ask('updateRecord');
    await soon(() => readings().map((request) => 'fresh' in request && request.fresh)).toEqual([true]);
  });

  test('is read again, once the page has a moment for that, when it has saved a record before', async () => {
    stage = await openStage(await browser.newContext(), STATUSES.subscribed, {
      html: `<!doctype html><html lang="en"><title>A record</title><script>
        const waiting = (globalThis.waiting = []);
        globalThis.requestIdleCallback = (work) => waiting.push(work);</script>`,
    });
    await ask('updateRecord');
    expect(readings()).toEqual([]);
    await stage.page.evaluate('waiting.splice(0).forEach((work) => work())');
    await soon(() => readings().map((request) => 'fresh' in request && request.fresh)).toEqual([true]);
  });
});

test('of several headers the pill is beside the one that can be seen', async () => {
  const header = (name: string, style: string) =>
    `<div style="${style}"><records-highlights2 style="display: block; height: 60px"><h1 style="display: inline">${name}</h1></records-highlights2></div>`;
  stage = await openStage(await browser.newContext(), STATUSES.subscribed, {
    html: `<!doctype html><html lang="en"><title>A record</title><body style="margin: 0">
      ${header('Ann Lee', 'height: 100px')}
      ${header('Somebody else in another tab', 'visibility: hidden')}
      ${header('Who is in another tab', 'position: absolute; left: -9999px; top: 0')}`,
  });
  const left = async () => (await pill().boundingBox())?.x ?? 0;
  const top = async () => (await pill().boundingBox())?.y ?? 0;
  await soon(left).toBeLessThan(200);
  await soon(top).toBeLessThan(60);
});
