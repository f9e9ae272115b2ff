#!/usr/bin/env node
// The installed command. A package under node_modules cannot run TypeScript as it is (Node refuses to strip types
// there), so a packed OptBridge carries one built file; a checkout runs the source.
import { existsSync } from 'node:fs';

const major = Number(process.versions.node.split('.')[0]);
const built = new URL('../dist/cli/optbridge.js', import.meta.url);
const source = new URL('../src/cli/optbridge.ts', import.meta.url);
const inClone = existsSync(source);
const missing = inClone && !existsSync(new URL('../node_modules', import.meta.url));
if (major < 24 || missing) {
  const once = ' Run npm ci in this folder once: it brings that and all else, for npm run optbridge.';
  const clone = missing ? once : inClone ? ' This clone brings its own: say npm run optbridge -- and the rest.' : '';
  const wrong = major < 24 ? `needs Node 24 or later; this is Node ${process.versions.node}.` : 'has no packages here.';
  process.stderr.write(`optbridge ${wrong}${clone}\n`);
  process.exit(2);
}
await import(inClone ? source.href : built.href);
