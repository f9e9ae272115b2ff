import { isAbsolute, relative, sep } from 'node:path';
import { cronText } from '../../companion/cron-fields.ts';
import { UsageError } from '../terminal.ts';
import { OUTSIDE } from '../texts/schedule.ts';
import { type Installation, shellWord } from './installation.ts';
import { utcCrons } from './utc.ts';

/**
 * A workflow for a repository that holds the configuration. `timezone` beside `cron` is known to github.com since March
 * 2026, and not to every GitHub Enterprise Server; the hours of the UTC day stand beside it for those.
 * @throws UsageError when the configuration or the store is not below the folder that the command was called in
 */
export function githubWorkflow(here: Installation): string {
  const { fields, nights, secrets, now } = here;
  const config = below(here.folder, here.config, '--config');
  const store = below(here.folder, here.store, 'store');
  const utc = utcCrons(nights, now);
  const key = `optbridge-store-${expression('github.run_id')}-${expression('github.run_attempt')}`;
  return [
    '# Save as .github/workflows/optbridge.yml. The repository must be private, hold',
    `# ${config}, and have optbridge among its dependencies`,
    '# (npm pack in a checkout of OptBridge, npm install ./optbridge-*.tgz here).',
    ...(secrets.length > 0
      ? [`# Secrets to add (Settings, Secrets and variables, Actions): ${secrets.join(', ')}`]
      : []),
    ...(here.keyFile
      ? ['# salesforce.auth.privateKeyFile must be there too: write it from a secret in a step before.']
      : []),
    '#',
    '# The store is what OptBridge remembers between nights, addresses included. Here it is',
    '# kept in the cache of Actions, which forgets what nobody used for 7 days. A runner of',
    '# your own with a disk is better: runs-on: self-hosted, a store outside the checkout,',
    '# and without the two steps about the store.',
    'name: OptBridge',
    'on:',
    '  schedule:',
    `    - cron: '${cronText(fields)}'`,
    `      timezone: ${nights.timeZone}`,
    '    # A GitHub Enterprise Server that does not know timezone needs this in its place. It is in',
    '    # UTC and wakes more often than needed: --due runs once a night all the same.',
    ...utc.map((cron) => `    # - cron: '${cron}'`),
    '  workflow_dispatch:',
    'permissions:',
    '  contents: read',
    'concurrency:',
    '  group: optbridge',
    '  cancel-in-progress: false',
    'jobs:',
    '  settle:',
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 350',
    ...(secrets.length > 0
      ? ['    env:', ...secrets.map((name) => `      ${name}: ${expression(`secrets.${name}`)}`)]
      : []),
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - uses: actions/setup-node@v4',
    '        with:',
    '          node-version: 24',
    '      - run: npm ci',
    '      - name: Bring the store',
    '        uses: actions/cache/restore@v4',
    '        with:',
    `          path: ${yaml(`${store}*`)}`,
    `          key: ${key}`,
    '          restore-keys: optbridge-store-',
    `      - run: ${yaml(`npx --no-install optbridge schedule --due --config ${shellWord(config)}`)}`,
    '      - name: Keep the store',
    '        if: always()',
    '        uses: actions/cache/save@v4',
    '        with:',
    `          path: ${yaml(`${store}*`)}`,
    `          key: ${key}`,
    '',
  ].join('\n');
}

/** What Actions fills in when the workflow runs. */
function expression(what: string): string {
  return `\${{ ${what} }}`;
}

function below(folder: string, path: string, what: string): string {
  const way = relative(folder, path);
  if (way === '' || way.startsWith(`..${sep}`) || way === '..' || isAbsolute(way))
    throw new UsageError(OUTSIDE(what, path));
  return way.split(sep).join('/');
}

/** A YAML scalar: plain where that is safe, in double quotes otherwise, which JSON's are. */
function yaml(text: string): string {
  return /^[\w./][\w ./-]*$/.test(text) ? text : JSON.stringify(text);
}
