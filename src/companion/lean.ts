import type { Wanted } from '../service/wanted.ts';
import { byteAt, DEEPEST, past, pastBlanks, stringEnd, UNUSUAL, valueEnd } from './json-ends.ts';

/**
 * A JSON text with only what is wanted of it. Of a page of contacts that is a seventh; making values of all, and clearing
 * them away again, took half of a night's processor time (docs/benchmarks.md).
 *
 * `JSON.parse` gives of it what it gives of the whole text, where objects that have a shape are left with its members.
 * Undefined for what is no JSON or is written in an unusual way: that is for `JSON.parse` to judge.
 *
 * @param bytes UTF-8
 */
export function lean(bytes: Buffer, wanted: Wanted): string | undefined {
  const copy = new Copy(bytes);
  try {
    const end = copy.value(pastBlanks(bytes, 0), shapeOf(wanted), 0);
    return pastBlanks(bytes, end) === bytes.length ? copy.text() : undefined;
  } catch (error) {
    if (error === UNUSUAL) return undefined;
    throw error;
  }
}

/** A member that is wanted. */
interface Member {
  readonly name: Uint8Array;
  readonly shape: Shape;
}

/** The members wanted of an object, by the length of their names; null where all of a value is. */
type Shape = readonly (readonly Member[] | undefined)[] | null;

const shapes = new WeakMap<object, Shape>();

function shapeOf(wanted: Wanted): Shape {
  if (wanted === true) return null;
  const known = shapes.get(wanted);
  if (known !== undefined) return known;
  const members = Object.entries(wanted).map(([name, of]) => ({ name: Buffer.from(name), shape: shapeOf(of) }));
  const longest = Math.max(0, ...members.map(({ name }) => name.length));
  const shape = Array.from({ length: longest + 1 }, (_, length) => {
    const these = members.filter(({ name }) => name.length === length);
    return these.length > 0 ? these : undefined;
  });
  shapes.set(wanted, shape);
  return shape;
}

/** Where copies are made, one after another. */
let paper = Buffer.alloc(0);

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Copies what is wanted. Each method gives where its part ends, or throws `UNUSUAL`. Numbers: see json-ends.ts. */
class Copy {
  readonly #bytes: Buffer;
  readonly #out: Buffer;
  #length = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    if (paper.length < bytes.length) paper = Buffer.allocUnsafeSlow(bytes.length);
    this.#out = paper;
  }

  text(): string {
    return decoder.decode(this.#out.subarray(0, this.#length));
  }

  value(at: number, shape: Shape, depth: number): number {
    if (depth > DEEPEST) throw UNUSUAL;
    const first = this.#bytes[at];
    if (shape !== null && first === 0x7b) return this.#object(at, shape, depth);
    if (shape !== null && first === 0x5b) return this.#array(at, shape, depth);
    const end = valueEnd(this.#bytes, at, depth);
    this.#take(at, end);
    return end;
  }

  #put(byte: number): void {
    this.#out[this.#length++] = byte;
  }

  #take(from: number, end: number): void {
    const bytes = this.#bytes;
    const out = this.#out;
    let to = this.#length;
    for (let i = from; i < end; i++) out[to++] = bytes[i] ?? 0;
    this.#length = to;
  }

  #array(at: number, shape: Shape, depth: number): number {
    const bytes = this.#bytes;
    this.#put(0x5b);
    let i = pastBlanks(bytes, at + 1);
    if (bytes[i] !== 0x5d)
      for (;;) {
        i = pastBlanks(bytes, this.value(i, shape, depth + 1));
        if (bytes[i] === 0x5d) break;
        if (bytes[i] !== 0x2c) throw UNUSUAL;
        this.#put(0x2c);
        i = pastBlanks(bytes, i + 1);
      }
    this.#put(0x5d);
    return i + 1;
  }

  #object(at: number, shape: NonNullable<Shape>, depth: number): number {
    const bytes = this.#bytes;
    this.#put(0x7b);
    let isFirst = true;
    let i = pastBlanks(bytes, at + 1);
    if (bytes[i] !== 0x7d)
      for (;;) {
        if (bytes[i] !== 0x22) throw UNUSUAL;
        const from = i;
        i += 1;
        // With an escape in it a name may be any name.
        for (let byte = byteAt(bytes, i); byte !== 0x22; byte = byteAt(bytes, ++i))
          if (byte === 0x5c || byte < 0x20) throw UNUSUAL;
        const member = memberAt(bytes, from + 1, i, shape);
        i += 1;
        i = bytes[i] === 0x3a ? i + 1 : past(bytes, i, 0x3a);
        if (byteAt(bytes, i) <= 0x20) i = pastBlanks(bytes, i);
        if (member) {
          if (!isFirst) this.#put(0x2c);
          isFirst = false;
          this.#take(from, i);
          i = this.value(i, member.shape, depth + 1);
        } else i = bytes[i] === 0x22 ? stringEnd(bytes, i) : valueEnd(bytes, i, depth + 1);
        if (byteAt(bytes, i) <= 0x20) i = pastBlanks(bytes, i);
        if (bytes[i] === 0x7d) break;
        if (bytes[i] !== 0x2c) throw UNUSUAL;
        i += 1;
        if (byteAt(bytes, i) <= 0x20) i = pastBlanks(bytes, i);
      }
    this.#put(0x7d);
    return i + 1;
  }
}

function memberAt(bytes: Buffer, from: number, end: number, shape: NonNullable<Shape>): Member | undefined {
  const candidates = shape[end - from];
  if (candidates === undefined) return undefined;
  for (const member of candidates) {
    let i = from;
    while (i < end && bytes[i] === member.name[i - from]) i += 1;
    if (i === end) return member;
  }
  return undefined;
}
