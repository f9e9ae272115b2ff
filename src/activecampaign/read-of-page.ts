import type { Wanted } from '../service/wanted.ts';

/**
 * What a night reads of a page of contacts with what is side-loaded, a tenth of its 400 kB: all that a decision may depend
 * on. A property holds nights on it against nights on whole pages.
 */
const READ_BY_NIGHT = {
  contacts: {
    id: true,
    email: true,
    bounced_hard: true,
    deleted: true,
    anonymized: true,
    contactLists: true,
    contactTags: true,
  },
  contactLists: {
    id: true,
    contact: true,
    list: true,
    status: true,
    sdate: true,
    udate: true,
    sourceid: true,
    channel: true,
  },
  contactTags: { id: true, contact: true, tag: true },
  tags: { id: true, tag: true },
  meta: { total: true },
} as const satisfies Wanted;

/** All that is read of a page. A test holds it against what the client looks at. */
export const READ_OF_PAGE = {
  ...READ_BY_NIGHT,
  contacts: { ...READ_BY_NIGHT.contacts, firstName: true, lastName: true, bounced_soft: true, bounced_date: true },
  contactLists: {
    ...READ_BY_NIGHT.contactLists,
    unsubreason: true,
    campaign: true,
    form: true,
    unsubscribeAutomation: true,
  },
} as const satisfies Wanted;

/** What is read of the reply from this address, if not all of it. */
export function readOf(url: string): Wanted | undefined {
  return isPage(url) ? READ_OF_PAGE : undefined;
}

/** The same for a night. What only people are shown is empty in its contacts: names, reasons, what was clicked. */
export function readByNight(url: string): Wanted | undefined {
  return isPage(url) ? READ_BY_NIGHT : undefined;
}

function isPage(url: string): boolean {
  return new URL(url).pathname === '/api/3/contacts';
}
