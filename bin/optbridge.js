#!/usr/bin/env node
// The installed command. A package under node_modules cannot run TypeScript as it is (Node refuses to strip types
// there), so a packed OptBridge carries one built file; a checkout runs the source.
import { existsSync } from 'node:fs';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(`optbridge needs Node 24 or later; this is Node ${process.versions.node}.\n`);
  process.exit(2);
}
const built = new URL('../dist/cli/optbridge.js', import.meta.url);
const source = new URL('../src/cli/optbridge.ts', import.meta.url);
await import(existsSync(source) ? source.href : built.href);
