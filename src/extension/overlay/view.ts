import type { FunctionComponent } from 'preact';
import type { Face } from './face.ts';
import type { Command } from './more/command.ts';
import type { onKey } from './more/keys.ts';
import type { Sight } from './more/sight.ts';
import type { Model, Overlay } from './overlay.ts';
import type { Placing } from './place.ts';
import type { Trust } from './trust.ts';
import type { Words } from './words.ts';

/** What every part of the overlay is drawn from. */
export interface View extends More {
  /** The overlay's element in the page. */
  readonly host: HTMLElement;
  readonly model: Model;
  readonly face: Face;
  readonly overlay: Overlay;
  readonly trust: Trust;
  readonly placing: Placing;
  readonly words: Words;
}

/** What the second script brings. */
export interface More extends Partial<Command> {
  /** Whether a press was seen; undefined while there is nothing to press. */
  readonly sight: Sight | undefined;
  /** What is in the panel. */
  readonly Body: FunctionComponent<View> | undefined;
  /** Takes a key that means more than Escape. */
  readonly onKey?: typeof onKey;
}
