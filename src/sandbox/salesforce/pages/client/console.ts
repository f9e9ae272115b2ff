import { h, icon, waffle } from './dom.ts';
import { type Frame, globalHeader } from './frame.ts';

const MENU = [
  ['Contacts', '/lightning/o/Contact/list?filterName=Recent'],
  ['Leads', '/lightning/o/Lead/list?filterName=Recent'],
] as const;

/** Header, tabs of open records, and a utility bar; every open record stays mounted in its tab. */
export function consoleFrame(user: string): Frame {
  const { header, search } = globalHeader(user);
  const menu = h(
    'div',
    { class: 'oneAppNavMenu' },
    ...MENU.map(([label, href]) => h('a', { href, class: 'slds-context-bar__label-action' }, label)),
  );
  const launcher = h('button', { class: 'slds-button', title: 'App Launcher' }, waffle());
  const nav = h(
    'div',
    { class: 'oneConsoleNav' },
    h('one-app-launcher-header', {}, launcher),
    h('h1', { class: 'appName' }, h('span', {}, 'Sales Console')),
    menu,
  );
  const container = h('div', { class: 'oneConsoleTabContainer', role: 'tablist' });
  const tabset = h('div', { class: 'oneConsoleTabset' }, nav, container);
  const stage = h('main', { class: 'navexWorkspaces' });
  const utilities = ['Phone', 'History', 'Notes'].map((label) =>
    h(
      'li',
      { class: 'slds-utility-bar__item' },
      h('button', { class: 'slds-button slds-utility-bar__action' }, icon('list'), h('span', {}, label)),
    ),
  );
  const bar = h(
    'footer',
    { class: 'slds-utility-bar_container oneUtilityBarContainer', 'aria-label': 'Utility Bar' },
    h('ul', { class: 'slds-utility-bar' }, ...utilities),
  );
  const root = h('div', { class: 'navexWorkspaceManager' }, header, tabset, stage, bar);
  const tabs = new Map<string, HTMLElement>();

  const tabOf = (path: string, title: string, close: Parameters<Frame['mark']>[2]): HTMLElement => {
    const link = h('a', { class: 'tabHeader', role: 'tab', href: path, title }, h('span', { class: 'title' }, title));
    const cross = h('button', { class: 'slds-button', 'aria-label': `Close ${title}` }, '×');
    const tab = h('div', { class: 'oneConsoleTabItem' }, link, h('div', { class: 'close' }, cross));
    cross.addEventListener('click', () => {
      const next = (tab.nextElementSibling ?? tab.previousElementSibling)?.querySelector('a')?.getAttribute('href');
      tab.remove();
      tabs.delete(path);
      close(path, tab.classList.contains('active') ? (next ?? MENU[0][1]) : undefined);
    });
    tabs.set(path, tab);
    container.append(tab);
    return tab;
  };

  return {
    root,
    stage,
    search,
    pageClass: 'navexWorkspace',
    kept: Number.POSITIVE_INFINITY,
    mark(path, title, close) {
      const place = path.replace(/\/edit$/, '/view');
      const shown = tabs.get(place) ?? tabOf(place, title, close);
      for (const tab of tabs.values()) {
        tab.classList.toggle('active', tab === shown);
        tab.querySelector('a')?.setAttribute('aria-selected', String(tab === shown));
      }
    },
  };
}
