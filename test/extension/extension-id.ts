import { createHash } from 'node:crypto';
import manifest from '../../manifest.json' with { type: 'json' };

/**
 * The id that Chrome gives an extension with this `key`: the first 16 bytes of the SHA-256 of the public key, each hex
 * digit as a letter from a to p. The same wherever the extension is loaded unpacked.
 */
export const EXTENSION_ID = createHash('sha256')
  .update(Buffer.from(manifest.key, 'base64'))
  .digest('hex')
  .slice(0, 32)
  .replace(/[0-9a-f]/g, (digit) => 'abcdefghijklmnop'.charAt(Number.parseInt(digit, 16)));

/** Where `identity.launchWebAuthFlow` takes the answer; to be registered with the Salesforce app. */
export const REDIRECT_URI = `https://${EXTENSION_ID}.chromiumapp.org/`;
