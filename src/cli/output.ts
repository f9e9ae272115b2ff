import { fstatSync, writeSync } from 'node:fs';
import { NOT_PRINTED } from './texts.ts';

/** What a command prints and logs, in a process of its own. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The exit code of a command that gave this one: a failure, where not all could be printed that was to be. */
  readonly code: (given: number) => number;
}

/** Whoever read has had enough (`optbridge runs | head`), or the terminal was closed: nobody is left to be told. */
const GONE = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'];

type Stream = NodeJS.WritableStream & { readonly fd: number };

/**
 * Prints to these two streams. What cannot be written ends no run: a log on a full disk is missed, a result that could
 * not be printed whole is said and fails the command when it is over.
 * @param failed is told the exit code of a command whose printing failed after it had ended
 */
export function outputTo(stdout: Stream, stderr: Stream, failed: (code: number) => void): Output {
  let cut = false;
  const err = (text: string) => void stderr.write(text);
  const fail = ({ code = 'unknown' }: NodeJS.ErrnoException) => {
    if (cut || GONE.includes(code)) return;
    cut = true;
    err(`${NOT_PRINTED(code)}\n`);
    failed(1);
  };
  stderr.on('error', () => undefined);
  stdout.on('error', fail);
  const toFile = isFile(stdout.fd);
  const out = (text: string) => {
    if (!toFile) stdout.write(text);
    else if (!cut) writeWhole(stdout.fd, text, fail);
  };
  return { out, err, code: (given) => (given === 0 && cut ? 1 : given) };
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

/** Node's stream to a file takes a write for whole of which a disk that ran full took a part. */
function writeWhole(fd: number, text: string, fail: (error: NodeJS.ErrnoException) => void): void {
  const bytes = Buffer.from(text);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  } catch (error) {
    fail(error as NodeJS.ErrnoException);
  }
}
