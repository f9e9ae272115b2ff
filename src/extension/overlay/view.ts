import type { Face } from './face.ts';
import type { Command } from './more/command.ts';
import type { onKey } from './more/keys.ts';
import type { Sight } from './more/sight.ts';
import type { Model, Overlay } from './overlay.ts';
import type { Placing } from './place.ts';
import type { Trust } from './trust.ts';
import type { Words } from './words.ts';

/** What stays the same for as long as the document is there. */
export interface Parts {
  /** The overlay's element in the page. */
  readonly host: HTMLElement;
  readonly overlay: Overlay;
  readonly trust: Trust;
  readonly placing: Placing;
  readonly words: Words;
}

/** What every part of the overlay is drawn from. */
export interface View extends Parts, More {
  readonly model: Model;
  readonly face: Face;
}

/** What the second script brings; none of it is there before. */
export interface More extends Partial<Command> {
  /** Whether a press was seen. */
  readonly sight?: Sight;
  /** Draws what is in the panel; null: nothing, and forgets what was drawn. */
  readonly fill?: (body: HTMLElement, view: View | null) => void;
  /** Takes a key that means more than Escape. */
  readonly onKey?: typeof onKey;
}
