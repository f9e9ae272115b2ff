import { ServiceFailure } from '../service/failure.ts';
import { isObject, parsed, type Reply } from '../service/http.ts';
import { type Patience, persist } from '../service/retry.ts';
import { malformed, type Outbound } from './line.ts';
import { refusalOf } from './refusal.ts';

/** How long a job is waited for unless told, and between two looks at it, in milliseconds. */
export const LONGEST_JOB = 2 * 3_600_000;
const LONGEST_PAUSE = 20_000;

/** A job of Bulk API 2.0, as far as it is looked at (facts/salesforce.md section 3). */
export interface Job {
  readonly id: string;
  readonly state: string;
  readonly processed: number | undefined;
  readonly words: string;
}

/** What jobs are asked with: one signed-in request, whatever its reply, and where the API of a version begins. */
export interface JobLine extends Patience {
  readonly send: (outbound: Outbound) => Promise<Reply>;
  /** Such as `/services/data/v67.0`; a job's results must be asked for with the version that it was made with. */
  readonly base: () => Promise<string>;
}

/** Making jobs, looking at them and waiting for them. */
export interface Jobs {
  /** Sends, again as the retry policy allows for reads; `read` gives undefined for a reply that lacks what was asked. */
  ask<T>(outbound: Outbound, read: (reply: Reply) => T | undefined): Promise<T>;
  /** Asks for what answers with a job. */
  json(method: 'GET' | 'POST', path: string, body?: object): Promise<Job>;
  /** Says that all is uploaded: Salesforce begins. */
  close(path: string): Promise<true>;
  /**
   * Looks again and again until a job is over, well or not. One that was waited for long enough is aborted, so that it
   * does nothing later that is not meant any more, and is then over; rejects as unreachable where it cannot be aborted.
   * @param enough told for how many milliseconds it was waited; two hours are enough unless given. What it throws ends the
   * waiting, too: the job is aborted.
   */
  over(path: string, enough?: (waited: number) => boolean): Promise<Job>;
  /**
   * Best effort: a job that is over by now cannot be aborted, and one that stays open ends after seven days.
   * @returns the job as it is then; null where Salesforce did not take it
   */
  abort(path: string): Promise<Job | null>;
}

export function createJobs(line: JobLine): Jobs {
  const { send, sleep } = line;

  function ask<T>(outbound: Outbound, read: (reply: Reply) => T | undefined): Promise<T> {
    const call = `${outbound.method} ${outbound.path.split('?')[0]}`;
    return persist(outbound.method === 'GET', line, async () => {
      const reply = await send(outbound);
      if (reply.status >= 300) throw refusalOf(call, reply);
      const found = read(reply);
      if (found === undefined) throw malformed(call, 'the reply lacks what was asked for');
      return found;
    });
  }

  function json(method: 'GET' | 'POST', path: string, body?: object): Promise<Job> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return ask({ method, path, ...sent }, ({ text }) => jobOf(parsed(text)));
  }

  /** What is answered is not documented, and not needed: the job tells. */
  function setState(path: string, state: 'UploadComplete' | 'Aborted'): Promise<true> {
    return ask({ method: 'PATCH', path, body: JSON.stringify({ state }) }, () => true as const);
  }

  async function abort(path: string): Promise<Job | null> {
    try {
      await setState(path, 'Aborted');
      return await json('GET', path);
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      return null;
    }
  }

  return {
    ask,
    json,
    close: (path) => setState(path, 'UploadComplete'),
    abort,
    async over(path, enough = (waited) => waited >= LONGEST_JOB) {
      let pause = 1000;
      for (let waited = 0; ; waited += pause, pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
        try {
          if (enough(waited)) break;
        } catch (error) {
          await abort(path);
          throw error;
        }
        await sleep(pause);
        const job = await json('GET', path);
        if (['JobComplete', 'Failed', 'Aborted'].includes(job.state)) return job;
      }
      const job = await abort(path);
      if (job?.state !== 'Aborted') throw jobFailure('unreachable', path, 'the job was not over in time');
      return { ...job, words: 'it was not over in time, and was aborted' };
    },
  };
}

/** What is wrong with a job that ended as failed or was aborted. */
export function endedBadly(job: Job, path: string): ServiceFailure {
  return jobFailure('rejected', path, job.words || `the job ended as ${job.state}`);
}

export function jobFailure(kind: 'rejected' | 'unreachable', path: string, words: string): ServiceFailure {
  return new ServiceFailure({ service: 'salesforce', kind, call: `GET ${path}`, words });
}

function jobOf(body: unknown): Job | undefined {
  if (!isObject(body) || typeof body.id !== 'string' || typeof body.state !== 'string') return undefined;
  const { id, state, numberRecordsProcessed: processed, errorMessage: words } = body;
  return {
    id,
    state,
    processed: typeof processed === 'number' ? processed : undefined,
    words: typeof words === 'string' ? words : '',
  };
}
