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
