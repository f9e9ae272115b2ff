import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/companion/config.ts';

const env = { HOOK: 'https://hooks.example.com/services/T0/B0/s3cr3t' };
const parse = (over: Record<string, unknown>) =>
  parseConfig(
    {
      salesforce: { url: 'https://acme.my.salesforce.com', auth: { kind: 'access-token', accessToken: 'a' } },
      activecampaign: { url: 'https://acme.api-us1.com', key: 'k' },
      ...over,
    },
    '/etc',
    env,
  );

describe('the settings of nights that nobody watches', () => {
  it('have defaults: 20:00 Pacific, on, nobody is told', () => {
    const { schedule, nightly, alerts } = parse({});
    expect(schedule).toEqual({ cron: '0 20 * * *', timeZone: 'America/Los_Angeles', fullEveryDays: 7 });
    expect(nightly).toEqual({ enabled: true });
    expect(alerts).toEqual({ webhook: null, command: null });
  });

  it('are taken as given', () => {
    const { schedule, nightly, alerts } = parse({
      schedule: { cron: ' 30  3 * * MON-FRI ', timeZone: 'asia/kolkata' },
      nightly: { enabled: false },
      alerts: { webhook: { env: 'HOOK' }, command: ['/bin/tell', '--now'] },
    });
    expect(schedule).toEqual({ cron: '30 3 * * MON-FRI', timeZone: 'asia/kolkata', fullEveryDays: 7 });
    expect(nightly.enabled).toBe(false);
    expect(alerts).toEqual({ webhook: env.HOOK, command: ['/bin/tell', '--now'] });
  });

  it('a program that is named by a path is found from the folder of the file', () => {
    const program = (command: string[]) => parse({ alerts: { command } }).alerts.command;
    expect(program(['./tell ops', ''])).toEqual(['/etc/tell ops', '']);
    expect(program(['/usr/bin/tell'])).toEqual(['/usr/bin/tell']);
    expect(program(['tell'])).toEqual(['tell']);
  });

  it('a webhook on this machine may be http', () => {
    expect(parse({ alerts: { webhook: 'http://127.0.0.1:9/x' } }).alerts.webhook).toBe('http://127.0.0.1:9/x');
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    [
      'a pattern of six fields',
      { schedule: { cron: '0 0 20 * * *' } },
      /^schedule\.cron: "0 0 20 .*not five fields.*Use/,
    ],
    ['an hour that is none', { schedule: { cron: '0 24 * * *' } }, /^schedule\.cron: "24" is no hour/],
    ['a nickname', { schedule: { cron: '@daily' } }, /^schedule\.cron: "@daily" is not five fields/],
    ['the last day of the month', { schedule: { cron: '0 20 L * *' } }, /"L" is no day of the month/],
    ['a day that never comes', { schedule: { cron: '0 20 30 2 *' } }, /^schedule\.cron: .*never comes/],
    ['two kinds of days', { schedule: { cron: '0 20 1 * MON' } }, /schedulers disagree/],
    ['a cron that is no text', { schedule: { cron: 20 } }, /^schedule\.cron: a text is needed/],
    [
      'a time zone that is none',
      { schedule: { timeZone: 'Mars/Olympus' } },
      /^schedule\.timeZone: "Mars\/Olympus" is no time zone.*America/,
    ],
    [
      'a short name that is Dhaka’s here, and London’s to whoever writes it',
      { schedule: { timeZone: 'BST' } },
      /^schedule\.timeZone: "BST" is short for several time zones, or for one without its summer time.*America/,
    ],
    [
      'an offset for a time zone',
      { schedule: { timeZone: '+02:00' } },
      /^schedule\.timeZone: "\+02:00" is no time zone/,
    ],
    [
      'an unknown key',
      { schedule: { timezone: 'UTC' } },
      /^schedule\.timezone: is not a setting\. Did you mean "timeZone"/,
    ],
    ['a text for a truth', { nightly: { enabled: 'false' } }, /^nightly\.enabled: true or false is needed/],
    ['a command in one text', { alerts: { command: 'mail ops' } }, /^alerts\.command: a program and its arguments/],
    ['a program without a name', { alerts: { command: [' ', 'x'] } }, /^alerts\.command: a program and/],
    ['an argument that is no text', { alerts: { command: ['tell', 7] } }, /^alerts\.command: a program and/],
    ['null for nobody', { alerts: null }, /^alerts: null is no value/],
    ['an empty command', { alerts: { command: [] } }, /^alerts\.command: a program/],
    [
      'an unset variable',
      { alerts: { webhook: { env: 'NOT_SET' } } },
      /^alerts\.webhook: the environment variable NOT_SET/,
    ],
  ];
  for (const [what, over, message] of wrong)
    it(`${what} is refused by its path, with the remedy`, () => expect(() => parse(over)).toThrow(message));

  it('a wrong webhook is refused without being shown', () => {
    for (const webhook of ['hooks.example.com/s3cr3t', 'http://hooks.example.com/s3cr3t', 'ftp://x/s3cr3t'])
      try {
        parse({ alerts: { webhook } });
        expect.unreachable();
      } catch (error) {
        expect(String(error)).toMatch(/alerts\.webhook: .*(full|https)/);
        expect(String(error)).not.toContain('s3cr3t');
      }
  });
});
