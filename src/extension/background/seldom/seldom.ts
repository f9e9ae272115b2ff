import type { ListRequest } from '../../messages.ts';
import type { PageRequest } from '../../page-messages.ts';
import { savePlace } from '../../places.ts';
import { closeLate } from '../../signin/their-window.ts';
import type { Hands } from '../hands.ts';
import { answerList } from '../list-api.ts';
import { answerPage } from '../page-api.ts';
import { findPerson } from '../person-account.ts';
import { keepPlace, openPanel } from '../placed.ts';
import type { TabSpeaker } from '../sender.ts';
import { logAct } from '../task-log.ts';

/** Everything that the third script does, on what the first one hands to it. */
export function createSeldom(hands: Hands) {
  const { services, statuses, book, places, second, say } = hands;
  const { reading } = statuses;
  const { open } = book;
  const { inject } = places;
  return {
    fromPage: (request: PageRequest) =>
      answerPage(
        {
          ...hands,
          outbox: { ...book, ...second() },
          closeLate: (address) => closeLate(address, (ms) => new Promise<void>((wake) => hands.later(ms, wake))),
          forgetClients: services.forget,
        },
        request,
      ),
    fromList: (speaker: TabSpeaker, request: ListRequest) =>
      answerList({ ...hands, reading, open, inject }, speaker, request),
    findPerson: (host: string, account: string) => findPerson(services, hands.shelf, host, account),
    openPanel: (tab: number) => openPanel(places, tab),
    keepPlace: ((host, place) => keepPlace(places, host, place, savePlace)) as ReturnType<Hands['seldom']>['keepPlace'],
    log: ((act) => logAct(services, act, say)) as ReturnType<Hands['seldom']>['log'],
  };
}
