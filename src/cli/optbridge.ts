#!/usr/bin/env node
import { main } from './main.ts';
import { keepSmall } from './memory.ts';
import { outputTo } from './output.ts';
import { fitTo } from './texts/width.ts';

keepSmall();
fitTo(process.stdout.columns);

const { out, err, code } = outputTo(process.stdout, process.stderr, (failed) => {
  process.exitCode ||= failed;
});

process.exitCode = code(
  await main({
    arguments: process.argv.slice(2),
    env: process.env,
    out,
    err,
    terminal: process.stderr.isTTY === true,
    columns: () => process.stderr.columns,
    colours: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    windows: process.platform === 'win32',
    input: () => process.stdin,
  }),
);
