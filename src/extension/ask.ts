import { browser } from './browser.ts';
import type { PageAnswer, PageRequest } from './page-messages.ts';

export type Ask = (request: PageRequest) => Promise<PageAnswer>;

/** Asks the background, once. Never rejects: a worker that is just being replaced may not answer, which is a refusal here. */
export async function ask(request: PageRequest): Promise<PageAnswer> {
  try {
    const answer: PageAnswer | undefined = await browser.runtime.sendMessage(request);
    return answer ?? { ok: false, refused: '' };
  } catch (error) {
    return { ok: false, refused: `${error}` };
  }
}
