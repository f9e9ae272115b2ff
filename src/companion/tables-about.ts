/** The tables of the store with rows about an address, and which rows those are. */
export const TABLES_ABOUT = {
  agreements: 'address = ?1',
  differences: 'address = ?1',
  decisions: 'address = ?1',
  intentions: 'address = ?1',
  vanished: 'address = ?1',
  moves: '?1 IN (address, was)',
  readdressed: 'address = ?1',
  records: 'address = ?1',
} as const;

export type TableAbout = keyof typeof TABLES_ABOUT;

export const ABOUT = Object.keys(TABLES_ABOUT) as TableAbout[];
