import type { Hook } from './hook.ts';

const GUARDED = [
  'keydown',
  'keypress',
  'keyup',
  'beforeinput',
  'input',
  'compositionstart',
  'compositionupdate',
  'compositionend',
  'copy',
  'cut',
  'paste',
];
/** Not kept from the page, but told before the page can change what there is to see (overlay/more/sight.ts). */
const TOLD = ['pointerdown', 'click'];

/**
 * Keeps key and input events aimed at the overlay from the page's shortcuts. It must be the first listener on
 * `window`, hence `document_start`. Stopping there also stops the way down to the overlay's own elements, so keys are
 * handed over by the hook. Default actions (Space and Enter press the focused button) do not depend on propagation.
 */
export function guard(target: Window, hook: Hook): void {
  const keep = (event: Event): void => {
    if (!hook.host || event.target !== hook.host) return;
    if (TOLD.includes(event.type)) {
      hook.onPress?.(event);
      return;
    }
    event.stopImmediatePropagation();
    if (event instanceof KeyboardEvent) hook.onKey?.(event);
  };
  for (const type of [...GUARDED, ...TOLD]) target.addEventListener(type, keep, true);
}
