import { parseArgs } from 'node:util';
import { CREDENTIALS } from './credentials.ts';
import type { Running } from './listen.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

const USAGE = `Usage: npm run sandbox -- [options]
  --seed N              the same seed makes the same people (default 1)
  --people N            how many people (default 1000)
  --salesforce-port N   plain http on loopback (default 8480, 0 for any free port)
  --activecampaign-port N                      (default 8481)
  --https-port N        all host names over https (default 8443)
  --no-https            do not listen over https
  --no-rate-limit       answer ActiveCampaign requests as fast as they come
  --console             pages of a console app: a tab for each record, a utility bar
  --dynamic-highlights  the header of records as the Dynamic Highlights Panel
  --native-shadow       the header's components in native shadow roots
`;

/** Reads the command line. Throws with a sentence for a value that is no whole number, or an unknown option. */
export function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      seed: { type: 'string', default: '1' },
      people: { type: 'string', default: '1000' },
      'salesforce-port': { type: 'string', default: '8480' },
      'activecampaign-port': { type: 'string', default: '8481' },
      'https-port': { type: 'string', default: '8443' },
      https: { type: 'boolean', default: true },
      'rate-limit': { type: 'boolean', default: true },
      console: { type: 'boolean', default: false },
      'dynamic-highlights': { type: 'boolean', default: false },
      'native-shadow': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'seed' | 'people' | 'salesforce-port' | 'activecampaign-port' | 'https-port') => {
    const number = Number(values[name]);
    if (!/^\d+$/.test(values[name]) || !Number.isSafeInteger(number))
      throw new Error(`--${name} wants a whole number, not "${values[name]}"`);
    return number;
  };
  return {
    seed: whole('seed'),
    people: whole('people'),
    salesforcePort: whole('salesforce-port'),
    activecampaignPort: whole('activecampaign-port'),
    httpsPort: whole('https-port'),
    https: values.https,
    rateLimit: values['rate-limit'],
    pages: {
      app: values.console ? ('console' as const) : ('standard' as const),
      header: values['dynamic-highlights'] ? ('dynamic' as const) : ('standard' as const),
      shadow: values['native-shadow'] ? ('native' as const) : ('synthetic' as const),
    },
    help: values.help,
  };
}

/** What somebody who has just started the sandbox needs to know. */
export function welcome(sandbox: Sandbox, running: Running): string {
  const { salesforce, activecampaign } = CREDENTIALS;
  const config = {
    salesforce: {
      url: running.salesforceUrl,
      optOutField: 'HasOptedOutOfEmail',
      auth: { kind: 'client-credentials', clientId: salesforce.clientId, clientSecret: salesforce.clientSecret },
    },
    activecampaign: { url: running.activecampaignUrl, key: activecampaign.key, requestsPerSecond: 4, lists: 'all' },
    caps: { optOut: '10%', optIn: '1%' },
    store: './optbridge.sqlite',
  };
  const lines = [
    `The sandbox is up: ${sandbox.people.length} people, ${sandbox.account.contacts.length} ActiveCampaign contacts.`,
    '',
    `  Salesforce      ${running.salesforceUrl}`,
    `  ActiveCampaign  ${running.activecampaignUrl}   key ${activecampaign.key}`,
    `  Extension's app ${salesforce.extensionClientId}`,
    '',
    'A configuration for the companion (save it as sandbox.json, then',
    '`npm run optbridge -- sync --config sandbox.json --dry-run`):',
    '',
    JSON.stringify(config, null, 2),
  ];
  if (running.https) {
    const { port, spki } = running.https;
    const there = `127.0.0.1:${port}`;
    const ann = sandbox.people.length > 0 ? sandbox.character('ann').contactRecord : '';
    const page = `${salesforce.pagesUrl}/lightning/r/Contact/${ann}/view`;
    lines.push(
      '',
      'A browser with the extension (after `npm run build`), on a record page:',
      '',
      '  chromium --user-data-dir=/tmp/optbridge-browser --load-extension=dist/chrome \\',
      `    --host-resolver-rules='MAP *.force.com ${there}, MAP *.salesforce.com ${there}, MAP *.api-us1.com ${there}' \\`,
      `    --ignore-certificate-errors-spki-list=${spki} \\`,
      `    ${page}`,
    );
  }
  return `${lines.join('\n')}\n\nStop it with Ctrl-C.\n`;
}

/** Why it did not start, with the way out where it has one: most often another sandbox is up. */
export function notStarted(error: unknown): string {
  const words = `The sandbox did not start: ${error instanceof Error ? error.message : String(error)}\n`;
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return words;
  const port = 'port' in error ? `Port ${error.port}` : 'A port';
  return `${words}${port} is in use, most likely by a sandbox that is up already. Stop that one, or give this one other ports:\n  ${ANY_PORTS}\n`;
}

/** A call that never meets another sandbox. */
const ANY_PORTS = 'npm run sandbox -- --salesforce-port 0 --activecampaign-port 0 --https-port 0';

/** Runs until it is told to stop. Resolves with the exit code. */
export async function serve(args: readonly string[], out: (text: string) => void): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args);
  } catch (error) {
    out(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    out(USAGE);
    return 0;
  }
  const sandbox = createSandbox({
    seed: options.seed,
    people: options.people,
    activecampaign: {
      deliver: (request) => fetch(request),
      ...(options.rateLimit ? {} : { rateLimit: 'off' as const }),
    },
  });
  Object.assign(sandbox.salesforce.pages, options.pages);
  const running = await sandbox.listen({
    http: { salesforcePort: options.salesforcePort, activecampaignPort: options.activecampaignPort },
    https: options.https && { port: options.httpsPort },
  });
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  out(welcome(sandbox, running));
  await told;
  await running.close();
  out('The sandbox is down.\n');
  return 0;
}

if (import.meta.main) {
  try {
    process.exitCode = await serve(process.argv.slice(2), (text) => process.stdout.write(text));
  } catch (error) {
    process.stderr.write(notStarted(error));
    process.exitCode = 1;
  }
}
