import type { Answer, Push, Request, TabRequest } from '../messages.ts';

/** What came of asking the background: its answer, why there was none, or that the extension is gone. */
export type Asked = Answer & { readonly gone?: boolean };

/** The background as the overlay sees it. */
export interface Background {
  /** Never rejects. */
  ask(request: Request): Promise<Asked>;
  /** Calls `take` with everything that the background pushes to this tab. */
  listen(take: (push: Push) => void): void;
}

/** After an update of the extension `chrome.runtime` is undefined in the old script (facts/extension.md). */
export const background = {
  async ask(request: Request | TabRequest): Promise<Asked> {
    const seen = request.kind === 'status' && justSeen(request);
    const known = seen ? ((await seen.answer.catch(() => undefined)) as Answer | undefined) : undefined;
    if (known?.ok && known.status) return known;
    try {
      const answer: Answer | undefined = await chrome.runtime.sendMessage({
        ...request,
        ...globalThis.optbridge?.org?.(),
      });
      return answer ?? { ok: false, refused: '' };
    } catch (error) {
      return { ok: false, refused: `${error}`, gone: !chrome.runtime?.id };
    }
  },
  listen(take: (push: Push) => void) {
    chrome.runtime?.onMessage.addListener((push: Push) => take(push));
  },
} satisfies Background;

/** Milliseconds; what the detector was told so long ago is asked for again. */
const JUST_NOW = 2_000;

/**
 * What the detector was told as it asked for this overlay, so that it need not be asked for once more. Good for one
 * question: the next one is asked because something has happened.
 */
function justSeen({
  record,
  fresh,
}: Extract<Request, { kind: 'status' }>): NonNullable<typeof globalThis.optbridge>['seen'] {
  const hook = globalThis.optbridge;
  const seen = hook?.seen;
  if (hook) hook.seen = undefined;
  return !fresh && seen?.record === record && Date.now() - seen.at <= JUST_NOW ? seen : undefined;
}
