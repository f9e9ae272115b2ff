import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { capOf, loadConfig, parseConfig, readConfig } from '../../src/companion/config.ts';
import { ConfigError } from '../../src/companion/config-reader.ts';
import { keysTwice } from '../../src/companion/keys-twice.ts';

const folder = mkdtempSync(join(tmpdir(), 'optbridge-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const whole = () => ({
  salesforce: {
    url: 'https://acme.my.salesforce.com',
    optOutField: 'HasOptedOutOfEmail',
    auth: { kind: 'client-credentials', clientId: '3MVG9', clientSecret: { env: 'SF_SECRET' } as unknown },
  } as Record<string, unknown>,
  activecampaign: {
    url: 'https://acme.api-us1.com',
    key: { env: 'AC_KEY' } as unknown,
    requestsPerSecond: 4,
    lists: 'all' as unknown,
  } as Record<string, unknown>,
  caps: { optOut: '10%', optIn: '1%' } as Record<string, unknown>,
  store: './optbridge.sqlite',
});
const env = { SF_SECRET: 'sf-secret-value', AC_KEY: 'ac-key-value' };
const parse = (value: unknown) => parseConfig(value, folder, env);
type Whole = ReturnType<typeof whole>;
const changed = (change: (config: Whole) => void) => {
  const config = whole();
  change(config);
  return () => parse(config);
};

describe('a configuration', () => {
  it('is read whole, secrets from the environment, the store beside the file', () => {
    expect(parse(whole())).toEqual({
      salesforce: {
        url: 'https://acme.my.salesforce.com',
        optOutField: 'HasOptedOutOfEmail',
        auth: { kind: 'client-credentials', clientId: '3MVG9', clientSecret: 'sf-secret-value' },
      },
      activecampaign: {
        url: 'https://acme.api-us1.com',
        key: 'ac-key-value',
        requestsPerSecond: 4,
        lists: 'all',
        qualifyingTags: expect.arrayContaining(['added-to-salesforce-lead']),
        personSources: 'any',
        bulkImport: 'auto',
        excludeAutomations: true,
      },
      caps: { optOut: { percent: 10 }, optIn: { percent: 1 } },
      addressChange: 'carry',
      schedule: { cron: '0 20 * * *', timeZone: 'America/Los_Angeles', fullEveryDays: 7 },
      nightly: { enabled: true },
      alerts: { webhook: null, command: null },
      report: { dir: null, keep: 60 },
      retention: { audit: null, decisions: 90 },
      store: join(folder, 'optbridge.sqlite'),
    });
  });

  it('needs little: field, pace, caps, lists and store have defaults', () => {
    const { salesforce, activecampaign } = whole();
    const config = parse({
      salesforce: { url: salesforce.url, auth: salesforce.auth },
      activecampaign: { url: activecampaign.url, key: 'k' },
    });
    expect(config.salesforce.optOutField).toBe('HasOptedOutOfEmail');
    expect(config.activecampaign).toMatchObject({ requestsPerSecond: 4, lists: 'all' });
    expect(config.caps).toEqual({ optOut: { percent: 10 }, optIn: { percent: 1 } });
  });

  it('says where its secrets stand, each that is read as one', () => {
    const file = join(folder, 'kept.json');
    const { salesforce, activecampaign } = whole();
    const alerts = { webhook: 'https://hooks.example.com/x' };
    const kept = (auth: object, key: unknown) => {
      writeFileSync(
        file,
        JSON.stringify({ alerts, salesforce: { ...salesforce, auth }, activecampaign: { ...activecampaign, key } }),
      );
      return readConfig(file, env).kept;
    };
    expect(kept({ kind: 'access-token', accessToken: '00D!x' }, { env: 'AC_KEY' })).toEqual({
      inFile: ['salesforce.auth.accessToken', 'alerts.webhook'],
      keyFile: null,
    });
    expect(kept({ kind: 'client-credentials', clientId: 'c', clientSecret: 's' }, 'k').inFile).toEqual([
      'salesforce.auth.clientSecret',
      'activecampaign.key',
      'alerts.webhook',
    ]);
  });

  it('takes the other ways to sign in', () => {
    writeFileSync(join(folder, 'key.pem'), '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n');
    const auth = (value: unknown) =>
      parse({ ...whole(), salesforce: { ...whole().salesforce, auth: value } }).salesforce.auth;
    expect(auth({ kind: 'jwt', clientId: 'c', username: 'u@x', privateKeyFile: './key.pem' })).toMatchObject({
      kind: 'jwt',
      username: 'u@x',
      privateKey: expect.stringContaining('BEGIN PRIVATE KEY'),
    });
    expect(auth({ kind: 'access-token', accessToken: '00D!x' })).toEqual({
      kind: 'access-token',
      accessToken: '00D!x',
    });
  });

  it('accepts http for this machine only', () => {
    expect(
      parse({ ...whole(), activecampaign: { url: 'http://127.0.0.1:8481/api/3/', key: 'k' } }).activecampaign.url,
    ).toBe('http://127.0.0.1:8481');
  });

  it('takes the standard field however it is written, and says so of its label', () => {
    const field = (optOutField: string) => parse({ ...whole(), salesforce: { ...whole().salesforce, optOutField } });
    expect(field('hasoptedoutofemail').salesforce.optOutField).toBe('HasOptedOutOfEmail');
    const { lists: _, ...activecampaign } = whole().activecampaign;
    const label = { ...whole(), activecampaign, salesforce: { ...whole().salesforce, optOutField: 'Email Opt Out' } };
    expect(() => parse(label)).toThrow(
      /^salesforce\.optOutField: "Email Opt Out" is the label of the field\. Use its API name: HasOptedOutOfEmail\.$/,
    );
  });

  it('takes ids as numbers or texts, each once, and no blanks around a text', () => {
    const { salesforce, activecampaign } = whole();
    const config = parse({
      ...whole(),
      salesforce: {
        ...salesforce,
        optOutField: ' Sales_Opt_Out__c',
        auth: { ...(salesforce.auth as object), clientId: ' 3MVG9\n' },
      },
      activecampaign: { ...activecampaign, lists: [3, '3', ' 7 '], personSources: [0], qualifyingTags: ['a', 'a'] },
      store: ' a b.sqlite ',
    });
    expect(config.activecampaign).toMatchObject({ lists: ['3', '7'], personSources: ['0'], qualifyingTags: ['a'] });
    expect(config.salesforce).toMatchObject({ optOutField: 'Sales_Opt_Out__c', auth: { clientId: '3MVG9' } });
    expect(config.store).toBe(join(folder, 'a b.sqlite'));
  });

  it('reads caps as numbers, shares and none', () => {
    expect([capOf(5, 'c'), capOf('7', 'c'), capOf('2.5%', 'c'), capOf('none', 'c')]).toEqual([
      5,
      7,
      { percent: 2.5 },
      'none',
    ]);
    expect(capOf('10 %', 'c')).toEqual({ percent: 10 });
  });

  it('takes a cap of 0 % for nobody, and not for the least share', () => {
    expect(['0%', '0 %', '0.0%'].map((cap) => capOf(cap, 'c'))).toEqual([0, 0, 0]);
  });
});

describe('a wrong value is named with its path and the remedy', () => {
  const cases: [string, () => unknown, RegExp][] = [
    ['no object at all', () => parse([]), /the configuration: an object is needed.*an array/],
    ['a missing part', () => parse({ salesforce: whole().salesforce }), /^activecampaign: is missing/],
    [
      'http elsewhere',
      changed((c) => {
        c.activecampaign.url = 'http://acme.api-us1.com';
      }),
      /^activecampaign\.url:.*https/,
    ],
    [
      'no address',
      changed((c) => {
        c.salesforce.url = 'acme';
      }),
      /^salesforce\.url: this is not a web address/,
    ],
    [
      'a login host',
      changed((c) => {
        c.salesforce.url = 'https://login.salesforce.com';
      }),
      /^salesforce\.url:.*My ?Domain/,
    ],
    [
      'an unknown kind',
      changed((c) => {
        c.salesforce.auth = { kind: 'password' };
      }),
      /^salesforce\.auth\.kind: "password" is not known.*client-credentials/,
    ],
    [
      'a key without a variable',
      () => parseConfig(whole(), folder, { SF_SECRET: 'x' }),
      /^activecampaign\.key: the environment variable AC_KEY is not set/,
    ],
    [
      'a key file that is not there',
      changed((c) => {
        c.salesforce.auth = { kind: 'jwt', clientId: 'c', username: 'u', privateKeyFile: 'nope.pem' };
      }),
      /privateKeyFile: .*nope\.pem cannot be read/,
    ],
    [
      'a field that is no name',
      changed((c) => {
        c.salesforce.optOutField = 'Opt Out';
      }),
      /^salesforce\.optOutField: "Opt Out" is no field name/,
    ],
    [
      'a field of one’s own without lists',
      changed((c) => {
        c.salesforce.optOutField = 'Sales_Opt_Out__c';
        c.activecampaign.lists = undefined;
      }),
      /^activecampaign\.lists: must be said/,
    ],
    [
      'lists that are no ids',
      changed((c) => {
        c.activecampaign.lists = ['Newsletter'];
      }),
      /^activecampaign\.lists\[0\]: "Newsletter" is no id\. "all" or the ids/,
    ],
    [
      'an address change that is neither carried nor left',
      () => parse({ ...whole(), addressChange: 'keep' }),
      /^addressChange: "keep" is not known. Use one of: carry, leave/,
    ],
    [
      'a yes where one of two words is needed',
      () => parse({ ...whole(), addressChange: true }),
      /^addressChange: the boolean true is not known. Use one of: carry, leave/,
    ],
    [
      'the id of a list with a zero in front',
      changed((c) => {
        c.activecampaign.lists = ['7', '03'];
      }),
      /^activecampaign\.lists\[1\]: "03" is no id\./,
    ],
    ...[3.5, -1, 1e19, true, null, ''].map((id): [string, () => unknown, RegExp] => [
      `${JSON.stringify(id)} for the id of a list`,
      changed((c) => {
        c.activecampaign.lists = [id];
      }),
      /^activecampaign\.lists\[0\]: .* is no id\./,
    ]),
    [
      'no list at all',
      changed((c) => {
        c.activecampaign.lists = [];
      }),
      /^activecampaign\.lists: "all" or the ids/,
    ],
    [
      'a tag with a blank after it, which nobody carries',
      changed((c) => {
        c.activecampaign.qualifyingTags = ['a', 'b '];
      }),
      /^activecampaign\.qualifyingTags\[1\]: "b " has a blank before or after it\. Take it out\.$/,
    ],
    [
      'a tag of blanks',
      changed((c) => {
        c.activecampaign.qualifyingTags = [' '];
      }),
      /^activecampaign\.qualifyingTags\[0\]: a text is needed; this is an empty text\.$/,
    ],
    [
      'a number for a tag',
      changed((c) => {
        c.activecampaign.qualifyingTags = [7];
      }),
      /^activecampaign\.qualifyingTags\[0\]: a text is needed; this is the number 7\.$/,
    ],
    [
      'seconds for requests a second',
      changed((c) => {
        c.activecampaign.requestsPerSecond = 0.004;
      }),
      /^activecampaign\.requestsPerSecond: 0\.004 is one request in 250 seconds/,
    ],
    [
      'null for no cap',
      changed((c) => {
        c.caps.optOut = null;
      }),
      /^caps\.optOut: null is no value\. Give one, or take the line out\.$/,
    ],
    ['null for a part', () => parse({ ...whole(), salesforce: null }), /^salesforce: null is no value[^\n]*$/],
    [
      'a secret for the name of its variable, without showing it',
      changed((c) => {
        c.activecampaign.key = { env: 'f'.repeat(64) };
      }),
      /^activecampaign\.key\.env: this is no name of a variable\.(?!.*ffff)/,
    ],
    [
      'sources that are no ids',
      changed((c) => {
        c.activecampaign.personSources = ['form'];
      }),
      /^activecampaign\.personSources\[0\]: "form" is no id\. "any" or the sourceids/,
    ],
    [
      'a way of importing that there is not',
      changed((c) => {
        c.activecampaign.bulkImport = 'always';
      }),
      /^activecampaign\.bulkImport: "always" is not known. Use one of: auto, never/,
    ],
    [
      'a text for whether automations start',
      changed((c) => {
        c.activecampaign.excludeAutomations = 'no';
      }),
      /^activecampaign\.excludeAutomations: true or false is needed, without quotes/,
    ],
    [
      'a pace of nothing',
      changed((c) => {
        c.activecampaign.requestsPerSecond = 0;
      }),
      /^activecampaign\.requestsPerSecond: a number above 0/,
    ],
    [
      'a cap over the whole',
      changed((c) => {
        c.caps.optOut = '110%';
      }),
      /^caps\.optOut: a number of people \(0 for nobody\), a share such as "10%", or "none" for no limit is needed\.$/,
    ],
    [
      'a misspelt key',
      changed((c) => {
        c.activecampaign.list = 'all';
      }),
      /^activecampaign\.list: is not a setting\. Did you mean "lists"\?/,
    ],
    [
      'an unknown key',
      changed((c) => {
        c.salesforce.colour = 'blue';
      }),
      /^salesforce\.colour: is not a setting\. Known here: /,
    ],
  ];
  for (const [what, read, message] of cases) it(what, () => expect(read).toThrow(message));

  it('a file that is empty, and not one with the mark that editors on Windows put before it', () => {
    const file = join(folder, 'c.json');
    writeFileSync(file, '\n');
    expect(() => loadConfig(file, env)).toThrow(/is empty\. .*optbridge init/);
    writeFileSync(file, `\ufeff${JSON.stringify(whole())}`);
    expect(loadConfig(file, env)).toEqual(parse(whole()));
    writeFileSync(file, `\ufeff${JSON.stringify(whole())}`, 'utf16le');
    expect(() => loadConfig(file, env)).toThrow(/is in UTF-16, as PowerShell writes with ">"\. Save it as UTF-8\.$/);
  });

  it('a file that is not JSON, without quoting what stands in it', () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{ "activecampaign": { "key": "my-real-secret" } "salesforce": 1 }');
    expect(() => loadConfig(file, env)).toThrow(/is not JSON/);
    expect(() => loadConfig(file, env)).not.toThrow(/my-real-secret/);
  });

  it('does not pass over a key that stands twice, and says which, together with all else', () => {
    const file = join(folder, 'twice.json');
    const lines = JSON.stringify(whole()).replace('"lists":"all"', '"lists":"all","list\\u0073":["3"],"pace":1');
    writeFileSync(file, lines.replace('"optIn":"1%"', '"optIn":"1%","optOut":"none"'));
    let words = '';
    try {
      loadConfig(file, env);
    } catch (error) {
      words = String(error);
    }
    const twice = (path: string) => `${path}: stands twice in the same object, and only the last would count.`;
    expect(words).toContain(twice('activecampaign.lists'));
    expect(words).toContain(twice('caps.optOut'));
    expect(words).toContain('activecampaign.pace: is not a setting.');
  });

  it('takes the same key in different objects, and colons and brackets in texts, for what they are', () => {
    const { salesforce, activecampaign } = whole();
    const tags = { qualifyingTags: ['{"url":[', 'a\\": , }'] };
    const file = join(folder, 'once.json');
    writeFileSync(file, JSON.stringify({ salesforce, activecampaign: { ...activecampaign, ...tags } }, null, 2));
    expect(loadConfig(file, env).activecampaign.qualifyingTags).toEqual(tags.qualifyingTags);
    expect(keysTwice('[{"a":1},{"a":1,"b":{"a":[0,{"c":1,"c":2}]}}]')).toEqual(['[1].b.a[1].c']);
  });

  it('a file that is not there', () => {
    expect(() => loadConfig(join(folder, 'none.json'), env)).toThrow(/none\.json: cannot be read \(ENOENT\)/);
  });
});

describe('values that are wrong together', () => {
  it('are all named at once, each with its path and the remedy', () => {
    const value = {
      salesforce: {
        url: 'https://login.salesforce.com',
        optOutField: 'Sales_Opt_Out__c',
        auth: { kind: 'jwt', clientId: '', privateKeyFile: 'nope.pem', user: 'u' },
        colour: 'blue',
      },
      activecampaign: { url: 'acme', key: { env: 'NOT_SET' }, requestPerSecond: 4, personSources: ['form'] },
      caps: { optOut: 'many', optIn: '110%', optin: 3 },
      addressChange: 'keep',
      schedule: { cron: '0 0 30 2 *', timeZone: 'Nowhere', fullEveryDays: 99 },
      nightly: { enabled: 'yes' },
      alerts: { webhook: 'http://hooks.example.com/x', command: 'tell' },
      report: { dir: 7, keep: 0 },
      retention: { audit: 7, decisions: 0.5 },
      stores: './elsewhere.sqlite',
    };
    let message = '';
    try {
      parse(value);
    } catch (error) {
      message = error instanceof ConfigError ? error.message : '';
    }
    expect(message.split('\n').map((line) => /^[\w.[\]]+(?=: )/.exec(line)?.[0])).toEqual([
      'salesforce.url',
      'salesforce.auth.clientId',
      'salesforce.auth.username',
      'salesforce.auth.privateKeyFile',
      'salesforce.auth.user',
      'salesforce.colour',
      'activecampaign.url',
      'activecampaign.key',
      'activecampaign.lists',
      'activecampaign.personSources[0]',
      'activecampaign.requestPerSecond',
      'caps.optOut',
      'caps.optIn',
      'caps.optin',
      'addressChange',
      'schedule.cron',
      'schedule.timeZone',
      'schedule.fullEveryDays',
      'nightly.enabled',
      'alerts.webhook',
      'alerts.command',
      'report.dir',
      'report.keep',
      'retention.audit',
      'retention.decisions',
      'stores',
    ]);
    expect(message).toMatch(
      /^activecampaign\.requestPerSecond: is not a setting\. Did you mean "requestsPerSecond"\?$/m,
    );
    expect(message).toMatch(/^caps\.optin: is not a setting\. Did you mean "optIn"\?$/m);
    expect(message).toMatch(/^stores: is not a setting\. Did you mean "store"\?$/m);
  });

  it('are those of the parts that are there, where others are missing', () => {
    expect(() => parse({ activecampaign: { url: 7 }, caps: [] })).toThrow(
      /^salesforce: is missing.*\nactivecampaign\.url: a text is needed.*\nactivecampaign\.key: is missing.*\ncaps: an object is needed[^\n]*$/,
    );
  });
});
