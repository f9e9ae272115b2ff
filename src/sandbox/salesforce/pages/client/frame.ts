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

/** Header, navigation bar and the place where records are shown; stays while the person moves about. */
export function frame(user: string): {
  readonly root: HTMLElement;
  readonly stage: HTMLElement;
  readonly search: HTMLElement;
} {
  const search = h('input', { type: 'search', placeholder: 'Search...', 'aria-label': 'Search' });
  const stage = h('div', { class: 'slds-template__container stage' });
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
  return { root, stage, search };
}

/** Marks the tab of the object that is shown. */
export function markTab(root: HTMLElement, path: string): void {
  for (const item of root.querySelectorAll('one-app-nav-bar-item-root')) {
    const href = item.querySelector('a')?.getAttribute('href') ?? '';
    const object = /\/o\/(\w+)\//.exec(href)?.[1];
    const active = object === undefined ? path === href : path.includes(`/${object}/`);
    item.classList.toggle('slds-is-active', active);
  }
}
