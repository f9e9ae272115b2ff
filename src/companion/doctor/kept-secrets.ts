import { dirname, resolve } from 'node:path';
import { type Finding, findingIn } from './finding.ts';
import { isShared } from './look-at-store.ts';

const finding = findingIn('store');
const KEY = 'it is the private key';

/**
 * Whether other users of this machine may read a secret that stands in the configuration file, or the private key that
 * it names. Says nothing of a file that holds none.
 * @param file the configuration file
 * @param value what stands in it
 */
export function keptSecretFindings(file: string, value: unknown): Finding[] {
  const keyFile = settingIn(value, 'salesforce', 'auth', 'privateKeyFile');
  const kept = [
    ...(SECRETS.some((path) => typeof settingIn(value, ...path) === 'string')
      ? [{ path: file, what: 'a secret stands in it' }]
      : []),
    ...(typeof keyFile === 'string' ? [{ path: resolve(dirname(resolve(file)), keyFile), what: KEY }] : []),
  ];
  return kept.map(({ path, what }) =>
    isShared(path)
      ? finding(
          'secrets',
          'warning',
          `${path}: other users of this machine may read it, and ${what}.`,
          what === KEY
            ? `chmod 600 ${path}`
            : `chmod 600 ${path}, or name variables in their place: { "env": "NAME" }.`,
        )
      : finding('secrets', 'ok', `${path}: only its user may read it, and ${what}.`),
  );
}

/** Settings that are secrets where they are texts, and not the names of variables. */
const SECRETS = [
  ['salesforce', 'auth', 'clientSecret'],
  ['salesforce', 'auth', 'accessToken'],
  ['activecampaign', 'key'],
  ['alerts', 'webhook'],
];

function settingIn(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[key] : undefined),
    value,
  );
}
