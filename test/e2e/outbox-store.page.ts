import { outboxStore as first } from '../../src/extension/background/outbox-store.ts';
import { restOfStore } from '../../src/extension/background/outbox-store-rest.ts';
import { CONTRACT } from '../extension/background/store.contract.ts';

/** Runs in a page: every promise of the contract on the store in IndexedDB, and what each of them yields; and the store itself. */
const outboxStore = { ...first, ...restOfStore };
Object.assign(globalThis, { keepsPromise: (index: number) => CONTRACT[index]?.run(outboxStore), outboxStore });
