/** What has been started and has to be stopped again, whichever way the demo ends. */
export class Started {
  readonly #stops: (() => Promise<unknown>)[] = [];
  #ending: Promise<void> | undefined;

  /** Remembers how to stop something; a thing that is only being started is waited for first. */
  add<T>(starting: T | Promise<T>, stop: (thing: T) => Promise<unknown>): void {
    const settled = Promise.resolve(starting).then(
      (thing) => () => stop(thing),
      // It never came to be.
      () => () => Promise.resolve(),
    );
    this.#stops.push(async () => (await settled)());
  }

  /** Stops everything, the last first, and whatever is added meanwhile. A second call waits for the first. */
  end(): Promise<void> {
    this.#ending ??= (async () => {
      for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) await stop();
    })();
    return this.#ending;
  }
}
