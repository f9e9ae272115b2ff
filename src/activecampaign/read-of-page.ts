import type { Wanted } from '../service/wanted.ts';

/**
 * All that is read of a page of contacts with what is side-loaded: a seventh of its 400 kB. A test holds it against what
 * the client looks at.
 */
export const READ_OF_PAGE = {
  contacts: {
    id: true,
    email: true,
    firstName: true,
    lastName: true,
    bounced_hard: true,
    bounced_soft: true,
    bounced_date: true,
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
    unsubreason: true,
    campaign: true,
    form: true,
    unsubscribeAutomation: true,
    channel: true,
  },
  contactTags: { id: true, contact: true, tag: true },
  tags: { id: true, tag: true },
  meta: { total: true },
} as const satisfies Wanted;

/** What is read of the reply from this address, if not all of it. */
export function readOf(url: string): Wanted | undefined {
  return new URL(url).pathname === '/api/3/contacts' ? READ_OF_PAGE : undefined;
}
