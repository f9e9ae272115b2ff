import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Few enough that text with its soft edges packs well, and more than the eye misses. */
const COLOURS = 64;

/**
 * A picture of a page in a third of the bytes: the browser writes every dot in full and packs in a hurry. Here a dot is
 * one of few colours, those that matter most. Takes what Chromium writes (8 bits a channel, not interlaced).
 */
export function smaller(png: Buffer): Buffer {
  const { width, height, channels, dots } = unpacked(png);
  const colours = Uint32Array.from({ length: width * height }, (_, n) => dots.readUIntBE(n * channels, 3));
  const { palette, nearest } = chosen(colours);
  const raw = Buffer.alloc((width + 1) * height);
  colours.forEach((colour, n) => {
    raw[Math.floor(n / width) * (width + 1) + 1 + (n % width)] = nearest.get(colour) ?? 0;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(raw, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Starts with the colour of most dots, and adds the one that is missed most: seen often, and far from all that are there. */
function chosen(colours: Uint32Array) {
  const dots = new Map<number, number>();
  for (const colour of colours) dots.set(colour, (dots.get(colour) ?? 0) + 1);
  const rest = [...dots].map(([colour, count]) => ({ colour, weight: Math.sqrt(count), far: Infinity, index: 0 }));
  const palette: number[] = [];
  while (palette.length < Math.min(COLOURS, rest.length)) {
    const missed = rest.reduce((most, one) => (missing(one) > missing(most) ? one : most));
    palette.push(missed.colour);
    for (const one of rest) {
      const far = distance(one.colour, missed.colour);
      if (far < one.far) Object.assign(one, { far, index: palette.length - 1 });
    }
  }
  return { palette, nearest: new Map(rest.map(({ colour, index }) => [colour, index])) };
}

const missing = ({ weight, far }: { readonly weight: number; readonly far: number }) => weight * Math.min(far, 1e3);
const channelsOf = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255];

function distance(one: number, other: number): number {
  const [a, b] = [channelsOf(one), channelsOf(other)];
  return Math.hypot(...a.map((channel, n) => channel - (b[n] ?? 0)));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** The dots of a PNG, row by row, with its filters undone. */
function unpacked(png: Buffer) {
  const packed: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      packed.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const [width, height, depth, type, , , interlaced] = [
    png.readUInt32BE(16),
    png.readUInt32BE(20),
    ...png.subarray(24, 29),
  ];
  const channels = type === 6 ? 4 : type === 2 ? 3 : 0;
  if (depth !== 8 || channels === 0 || interlaced) throw new Error('not a PNG as Chromium writes it');
  const raw = inflateSync(Buffer.concat(packed));
  const row = width! * channels;
  const dots = Buffer.alloc(row * height!);
  for (let y = 0; y < height!; y++) {
    const filter = raw[y * (row + 1)]!;
    for (let x = 0; x < row; x++) {
      const left = x < channels ? 0 : dots[y * row + x - channels]!;
      const up = y === 0 ? 0 : dots[(y - 1) * row + x]!;
      const corner = x < channels || y === 0 ? 0 : dots[(y - 1) * row + x - channels]!;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      dots[y * row + x] = raw[y * (row + 1) + 1 + x]! + guess;
    }
  }
  return { width: width!, height: height!, channels, dots };
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
