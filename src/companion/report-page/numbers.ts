/** A number as people read it: `12,345`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** The same in the room of a few figures: `200K`. */
export function short(count: number): string {
  return count < 10_000 ? grouped(count) : count.toLocaleString('en-US', { notation: 'compact' });
}
