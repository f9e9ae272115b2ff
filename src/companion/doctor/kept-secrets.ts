import type { KeptSecrets } from '../config.ts';
import { type Finding, findingIn } from './finding.ts';
import { isShared } from './look-at-store.ts';

const finding = findingIn('store');

/**
 * Whether other users of this machine may read a secret that stands in the configuration file, or the private key that
 * it names. Says nothing of a file that holds none.
 * @param file the configuration file
 */
export function keptSecretFindings(file: string, { inFile, keyFile }: KeptSecrets): Finding[] {
  const named = inFile.join(', ');
  return [
    ...(inFile.length === 0
      ? []
      : [
          findingOf(
            file,
            `${inFile.length === 1 ? 'a secret stands' : 'secrets stand'} in it (${named})`,
            ', or name variables in their place: { "env": "NAME" }.',
          ),
        ]),
    ...(keyFile === null ? [] : [findingOf(keyFile, 'it is the private key')]),
  ];
}

function findingOf(path: string, what: string, or = ''): Finding {
  return isShared(path)
    ? finding(
        'secrets',
        'warning',
        `${path}: other users of this machine may read it, and ${what}.`,
        `chmod 600 ${path}${or}`,
      )
    : finding('secrets', 'ok', `${path}: only its user may read it, and ${what}.`);
}
