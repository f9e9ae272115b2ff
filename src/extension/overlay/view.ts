import type { FunctionComponent } from 'preact';
import type { Face } from './face.ts';
import type { Model, Overlay } from './overlay.ts';
import type { Trust } from './trust.ts';
import type { Words } from './words.ts';

/** What every part of the overlay is drawn from. */
export interface View {
  readonly model: Model;
  readonly face: Face;
  readonly overlay: Overlay;
  readonly trust: Trust;
  readonly words: Words;
  /** What is in the panel, once its script is there. */
  readonly Body: FunctionComponent<View> | undefined;
}
