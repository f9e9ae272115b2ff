import { outboxStore } from '../../src/extension/background/outbox-store.ts';
import { CONTRACT } from '../extension/background/store.contract.ts';

/** Runs in a page: every promise of the contract on the store in IndexedDB, and what each of them yields; and the store itself. */
Object.assign(globalThis, { keepsPromise: (index: number) => CONTRACT[index]?.run(outboxStore), outboxStore });
