/** Gives the present instant in milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** The time in an emulated world: real time plus an offset, or standing still. */
export class WorldClock implements Clock {
  #offset = 0;
  #frozenAt: number | undefined;

  /** A clock that stands still at `frozenAt` (milliseconds since the epoch), or else runs with real time. */
  constructor(frozenAt?: number) {
    this.#frozenAt = frozenAt;
  }

  now(): number {
    return this.#frozenAt ?? Date.now() + this.#offset;
  }

  /** Moves the world forward by so many milliseconds, whether it runs or stands. */
  advance(milliseconds: number): void {
    if (this.#frozenAt === undefined) this.#offset += milliseconds;
    else this.#frozenAt += milliseconds;
  }

  /** Stops the clock, at the present instant unless another is given. */
  freeze(at: number = this.now()): void {
    this.#frozenAt = at;
  }

  /** Lets the clock run again from where it stands. */
  run(): void {
    if (this.#frozenAt === undefined) return;
    this.#offset = this.#frozenAt - Date.now();
    this.#frozenAt = undefined;
  }
}
