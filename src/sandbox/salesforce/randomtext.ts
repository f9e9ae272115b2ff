const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Letters and digits from a seeded source, so that a run of the sandbox can be repeated. No secret of anybody's. */
export function randomText(random: () => number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += LETTERS.charAt(Math.floor(random() * LETTERS.length));
  return text;
}
