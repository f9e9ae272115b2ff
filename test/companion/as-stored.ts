/** A number of up to 48 bits as SQLite has it in a file, which is looked at as latin1. */
export function asStored(number: number): string {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(number, 0, 6);
  return bytes.toString('latin1');
}
