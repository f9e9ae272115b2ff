import { render } from 'preact';
import { ask } from '../ask.ts';
import { browser } from '../browser.ts';
import { say } from '../say.ts';
import { Popup } from './popup.tsx';

document.title = say('popup_title');
document.documentElement.lang = say('language');
const app = document.getElementById('app');
// The popup belongs to a tab that it does not cover. Without the `tabs` permission its id is told, its address not.
const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
if (app) render(<Popup ask={ask} tab={tab?.id ?? browser.tabs.TAB_ID_NONE} />, app);
