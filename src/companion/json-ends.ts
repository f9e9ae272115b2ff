/**
 * Where the parts of a JSON text in UTF-8 end. Each function is given where its part begins and gives what is behind it;
 * each throws `UNUSUAL` for what is no JSON, or is written in a way that is not worth the words here. Numbers stand for
 * characters: names for them would be looked up for every byte, and there are gigabytes in a night.
 */

export const UNUSUAL = new Error('no JSON, or written in an unusual way');
/** A page of contacts has four. */
export const DEEPEST = 32;

/** The byte there; 0, which no JSON has, beyond the end. */
export function byteAt(bytes: Buffer, i: number): number {
  return bytes[i] ?? 0;
}

/** The next that is no blank. */
export function pastBlanks(bytes: Buffer, at: number): number {
  let i = at;
  for (let byte = bytes[i]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[i]) i += 1;
  return i;
}

/** Behind a character that must be there, after blanks. */
export function past(bytes: Buffer, at: number, byte: number): number {
  const i = pastBlanks(bytes, at);
  if (bytes[i] !== byte) throw UNUSUAL;
  return i + 1;
}

export function valueEnd(bytes: Buffer, at: number, depth: number): number {
  if (depth > DEEPEST) throw UNUSUAL;
  switch (bytes[at]) {
    case 0x22:
      return stringEnd(bytes, at);
    case 0x7b:
      return leapOver(bytes, at) ?? itemsEnd(bytes, at, 0x7d, depth);
    case 0x5b:
      return itemsEnd(bytes, at, 0x5d, depth);
    case 0x6e:
      return wordEnd(bytes, at, 'null');
    case 0x74:
      return wordEnd(bytes, at, 'true');
    case 0x66:
      return wordEnd(bytes, at, 'false');
    default:
      return numberEnd(bytes, at);
  }
}

/** Of an array, or of an object whose items have names. */
function itemsEnd(bytes: Buffer, at: number, end: number, depth: number): number {
  let i = pastBlanks(bytes, at + 1);
  if (bytes[i] === end) return i + 1;
  for (;;) {
    if (end === 0x7d) {
      if (bytes[i] !== 0x22) throw UNUSUAL;
      i = pastBlanks(bytes, past(bytes, stringEnd(bytes, i), 0x3a));
    }
    i = pastBlanks(bytes, valueEnd(bytes, i, depth + 1));
    if (bytes[i] === end) return i + 1;
    if (bytes[i] !== 0x2c) throw UNUSUAL;
    i = pastBlanks(bytes, i + 1);
  }
}

/**
 * The end of an object of links, found in one step, where that is certain: it holds no other object, and before its end
 * stands a letter or digit and then a quote. Such a quote ends a string, because there none can begin, and it is not
 * escaped; so the end is outside all strings. Half of a page are links. What is in them is not looked at.
 */
function leapOver(bytes: Buffer, at: number): number | undefined {
  const end = bytes.indexOf(0x7d, at);
  if (end < 0 || bytes[end - 1] !== 0x22 || !isLetterOrDigit(byteAt(bytes, end - 2))) return undefined;
  const inner = bytes.indexOf(0x7b, at + 1);
  return inner < 0 || inner > end ? end + 1 : undefined;
}

export function stringEnd(bytes: Buffer, at: number): number {
  let i = at + 1;
  for (;;) {
    const byte = byteAt(bytes, i);
    if (byte === 0x22) return i + 1;
    if (byte < 0x20) throw UNUSUAL;
    i = byte === 0x5c ? escapeEnd(bytes, i) : i + 1;
  }
}

function escapeEnd(bytes: Buffer, at: number): number {
  const escaped = String.fromCharCode(byteAt(bytes, at + 1));
  if (escaped !== 'u' && '"\\/bfnrt'.includes(escaped)) return at + 2;
  const end = at + 6;
  if (escaped !== 'u' || !/^[\da-f]{4}$/i.test(bytes.toString('latin1', at + 2, end))) throw UNUSUAL;
  return end;
}

function wordEnd(bytes: Buffer, at: number, word: 'null' | 'true' | 'false'): number {
  for (let n = 0; n < word.length; n++) if (bytes[at + n] !== word.charCodeAt(n)) throw UNUSUAL;
  return at + word.length;
}

function numberEnd(bytes: Buffer, at: number): number {
  let i = bytes[at] === 0x2d ? at + 1 : at;
  i = bytes[i] === 0x30 ? i + 1 : digitsEnd(bytes, i);
  if (bytes[i] === 0x2e) i = digitsEnd(bytes, i + 1);
  if (bytes[i] !== 0x65 && bytes[i] !== 0x45) return i;
  const signed = bytes[i + 1] === 0x2b || bytes[i + 1] === 0x2d;
  return digitsEnd(bytes, signed ? i + 2 : i + 1);
}

/** At least one. */
function digitsEnd(bytes: Buffer, at: number): number {
  let i = at;
  while (isDigit(byteAt(bytes, i))) i += 1;
  if (i === at) throw UNUSUAL;
  return i;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isLetterOrDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
