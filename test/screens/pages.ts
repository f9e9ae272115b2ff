import type { Keep } from './screens.ts';
export async function photographPages(_keep: Keep): Promise<void> {}
