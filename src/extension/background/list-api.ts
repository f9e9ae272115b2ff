import type { ListRequest } from '../messages.ts';
import type { Taken } from './api.ts';
import { type MarkPorts, marksOf } from './marks.ts';
import type { TabSpeaker } from './sender.ts';

export interface ListPorts extends MarkPorts {
  /** Puts the marks' script into the speaker's document. */
  inject(speaker: TabSpeaker, part: 'marks'): Promise<void>;
}

/** Answers a page that may show a list, where the settings want marks. */
export async function answerList(ports: ListPorts, speaker: TabSpeaker, request: ListRequest): Promise<Taken> {
  if (request.kind === 'marks') return { status: null, marks: await marksOf(ports, speaker.host, request.addresses) };
  await ports.inject(speaker, 'marks');
  return { status: null };
}
