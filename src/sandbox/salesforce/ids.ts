const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Whether this has the form of a record id: 15 characters, or 18 whose last three fit the first fifteen. */
export function isId(text: string): boolean {
  if (/^[A-Za-z0-9]{15}$/.test(text)) return true;
  return (
    /^[A-Za-z0-9]{18}$/.test(text) && longId(text.slice(0, 15)) === text.slice(0, 15) + text.slice(15).toUpperCase()
  );
}

/** The 18-character form: one check character for the capitals in each block of five (facts/salesforce.md section 6). */
export function longId(id: string): string {
  if (id.length !== 15) return id.slice(0, 15) + id.slice(15).toUpperCase();
  let suffix = '';
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      const c = id.charCodeAt(block + i);
      if (c >= 65 && c <= 90) bits |= 1 << i;
    }
    suffix += CHECK.charAt(bits);
  }
  return id + suffix;
}

/** Makes ids in one instance's name space: prefix, pod, a counter in base 62, so that neighbours differ in case only. */
export class IdSource {
  readonly #next = new Map<string, number>();

  /** The next 18-character id with this three-character prefix. */
  next(prefix: string): string {
    const n = (this.#next.get(prefix) ?? 0) + 1;
    this.#next.set(prefix, n);
    let rest = n * 7 + 1_000_003;
    let digits = '';
    while (rest > 0) {
      digits = DIGITS.charAt(rest % 62) + digits;
      rest = Math.floor(rest / 62);
    }
    return longId(`${prefix}Qy0${digits.padStart(9, '0')}`);
  }
}
