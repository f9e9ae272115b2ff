#!/usr/bin/env node
import { main } from './main.ts';
import { keepSmall } from './memory.ts';

keepSmall();

// Whoever reads may have enough (`optbridge runs | head`). That ends no run, and is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await main({
  arguments: process.argv.slice(2),
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
  columns: () => process.stderr.columns,
  colours: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  input: () => process.stdin,
});
