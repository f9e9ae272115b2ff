import { afterEach, describe, expect, it } from 'vitest';
import { type Stop, stopOnSignals } from '../../src/cli/stop.ts';

/** SIGHUP: a terminal that was closed. A shell says it to its jobs, and the system says it again. */
describe('SIGHUP', () => {
  const said: string[] = [];
  let stop: Stop;
  const begin = (terminal: boolean) => {
    said.length = 0;
    stop = stopOnSignals((words) => said.push(words), terminal);
  };
  afterEach(() => stop.end());
  const hangUp = () => process.emit('SIGHUP', 'SIGHUP');

  it('asks to stop where there was a terminal; what comes again does not end the run at once', () => {
    begin(true);
    hangUp();
    hangUp();
    expect(stop.signal.aborted).toBe(true);
    expect(said).toHaveLength(1);
    expect(process.listenerCount('SIGHUP')).toBe(1);
    expect(process.listenerCount('SIGTERM')).toBe(0);
  });

  it('is passed over where there is none, as under nohup', () => {
    begin(false);
    hangUp();
    expect(stop.signal.aborted).toBe(false);
    process.emit('SIGTERM', 'SIGTERM');
    expect(stop.signal.aborted).toBe(true);
  });

  it('is heard by nobody once the run is over', () => {
    begin(true);
    stop.end();
    expect(process.listenerCount('SIGHUP')).toBe(0);
  });
});
