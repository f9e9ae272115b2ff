import { h, type IconName, icon, waffle } from './dom.ts';

const TABS = [
  ['Home', '/lightning/page/home'],
  ['Contacts', '/lightning/o/Contact/list?filterName=Recent'],
  ['Leads', '/lightning/o/Lead/list?filterName=Recent'],
] as const;

const initials = (name: string): string =>
  name
    .split(' ')
    .map((part) => part.charAt(0))
    .join('');

function action(label: string, name: IconName): HTMLElement {
  const button = h('button', { class: 'slds-button slds-global-actions__item', title: label, 'aria-label': label });
  button.append(icon(name));
  return button;
}

/** What stays while the person moves about, and how it keeps the pages it has shown. */
export interface Frame {
  readonly root: HTMLElement;
  /** Where pages are put. */
  readonly stage: HTMLElement;
  readonly search: HTMLElement;
  /** Class of a page in the stage. */
  readonly pageClass: string;
  /** How many pages stay mounted, hidden, after they were shown. */
  readonly kept: number;
  /** The page at this path is shown. `close` takes a page away, and goes on to `next` where that is a path. */
  mark(path: string, title: string, close: (path: string, next: string | undefined) => void): void;
}

/** The bar at the top of every app. */
export function globalHeader(user: string): { readonly header: HTMLElement; readonly search: HTMLElement } {
  const search = h('input', { type: 'search', placeholder: 'Search...', 'aria-label': 'Search' });
  const avatar = h('button', { class: 'userProfileCardTriggerRoot', title: `View profile: ${user}` }, initials(user));
  const header = h(
    'header',
    { class: 'slds-global-header oneHeader' },
    h('div', { class: 'slds-global-header__logo', title: 'Salesforce sandbox' }),
    h('div', { class: 'forceSearch' }, icon('search'), search),
    h(
      'div',
      { class: 'slds-global-actions' },
      action('Favorites', 'star'),
      action('Global Actions', 'plus'),
      action('Help', 'help'),
      action('Setup', 'gear'),
      action('Notifications', 'bell'),
      avatar,
    ),
  );
  return { header, search };
}

/** Standard navigation: header, navigation bar and the place where records are shown. */
export function frame(user: string): Frame {
  const { header, search } = globalHeader(user);
  const stage = h('div', { class: 'slds-template__container stage' });
  const tabs = TABS.map(([label, href]) =>
    h('one-app-nav-bar-item-root', { class: 'slds-context-bar__item' }, h('a', { href }, label)),
  );
  const nav = h(
    'one-appnav',
    {},
    h('one-app-launcher-header', {}, h('button', { class: 'slds-button', title: 'App Launcher' }, waffle())),
    h('h1', { class: 'appName' }, h('span', {}, 'Sales')),
    h('one-app-nav-bar', { role: 'navigation', 'aria-label': 'Global' }, ...tabs),
  );
  const root = h('div', { class: 'navexDesktopLayoutContainer' }, header, nav, h('main', {}, stage));
  return {
    root,
    stage,
    search,
    pageClass: 'windowViewMode-normal oneContent forcePageHost',
    kept: 3,
    mark(path) {
      for (const item of tabs) {
        const href = item.querySelector('a')?.getAttribute('href') ?? '';
        const object = /\/o\/(\w+)\//.exec(href)?.[1];
        const active = object === undefined ? path === href : path.includes(`/${object}/`);
        item.classList.toggle('slds-is-active', active);
      }
    },
  };
}
