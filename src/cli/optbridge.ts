#!/usr/bin/env node
import { main } from './main.ts';
import { keepSmall } from './memory.ts';

keepSmall();

process.exitCode = await main({
  arguments: process.argv.slice(2),
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
  colours: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  input: () => process.stdin,
});
