import type { Answer, Request, Status, TabRequest } from '../messages.ts';

/** What came of asking the background: its answer, why there was none, or that the extension is gone. */
export type Asked = Answer & { readonly gone?: boolean };

/** The background as the overlay sees it. */
export interface Background {
  /** Never rejects. */
  ask(request: Request): Promise<Asked>;
  /** Calls `take` with every status that the background pushes to this tab, and `open` when the panel shall open. */
  listen(take: (status: Status) => void, open: () => void): void;
}

/**
 * The id of the page's org, where all that its cookies say of it is one: `oid`, and what stands before the `!` of `sid`.
 * Whether a script may read them is up to the org, so that not knowing is no reason for anything.
 */
export function pageOrg(cookies = document.cookie): { org?: string } {
  const found = new Set([...cookies.matchAll(/(?:^|; )(?:oid|sid)=(00D\w{12})/g)].map(([, id]) => id));
  const [org] = found;
  return found.size === 1 && org ? { org } : {};
}

/** After an update of the extension `chrome.runtime` is undefined in the old script (facts/extension.md). */
export const background = {
  async ask(request: Request | TabRequest): Promise<Asked> {
    try {
      const answer: Answer | undefined = await chrome.runtime.sendMessage({ ...request, ...pageOrg() });
      return answer ?? { ok: false, refused: '' };
    } catch (error) {
      return { ok: false, refused: `${error}`, gone: !chrome.runtime?.id };
    }
  },
  listen(take: (status: Status) => void, open: () => void) {
    chrome.runtime?.onMessage.addListener((push) => {
      if (push?.kind === 'status') take(push.status);
      if (push?.kind === 'open') open();
    });
  },
} satisfies Background;
