import { browser } from '../browser.ts';
import type { Sign, Toolbar } from './badge.ts';

const COLOURS: Readonly<Record<Sign, string>> = { '': '#5c5c5c', '⊘': '#8e1b12', '!': '#7a4b00' };

/** The extension's button in the browser's toolbar. */
export const toolbar: Toolbar = {
  all: async () => {
    const [sign, title] = await Promise.all([browser.action.getBadgeText({}), browser.action.getTitle({})]);
    return { sign, title };
  },
  show: async (sign, title, tab) => {
    const where = tab === undefined ? {} : { tabId: tab };
    // Null takes a tab's own text away; for all tabs only an empty one does.
    const text = sign === '' && tab !== undefined ? null : sign;
    await Promise.all([
      browser.action.setBadgeText({ ...where, text } as chrome.action.BadgeTextDetails),
      browser.action.setTitle({ ...where, title }),
      sign && browser.action.setBadgeBackgroundColor({ ...where, color: COLOURS[sign] }),
    ]).catch(() => undefined);
  },
};
