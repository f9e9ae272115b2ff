import type { Reply } from '../service/http.ts';
import { createLine, type Line, type LineOptions } from './line.ts';
import { refusalOf } from './refusal.ts';

/** What the org says of its API calls in the rolling day, with every reply of its API. */
export interface DailyCalls {
  readonly used: number;
  readonly max: number;
}

/** A line that tells what went over it. */
export interface CountedLine extends Line {
  /** Requests sent so far. */
  readonly calls: number;
  /** The latest `Date` header, in milliseconds; undefined before the first reply. */
  readonly serverTime: number | undefined;
  /** As the latest reply said; undefined before the first that did. */
  readonly dailyCalls: DailyCalls | undefined;
}

export function createCountedLine(options: Omit<LineOptions, 'refusalOf'>): CountedLine {
  const line = createLine({ ...options, refusalOf });
  let calls = 0;
  let serverTime: number | undefined;
  let dailyCalls: DailyCalls | undefined;
  return {
    url: line.url,
    refusalOf,
    get calls() {
      return calls;
    },
    get serverTime() {
      return serverTime;
    },
    get dailyCalls() {
      return dailyCalls;
    },
    async send(outbound) {
      calls++;
      const reply = await line.send(outbound);
      serverTime = reply.at ?? serverTime;
      dailyCalls = dailyCallsOf(reply) ?? dailyCalls;
      return reply;
    },
  };
}

/** `Sforce-Limit-Info: api-usage=10018/100000`; needs no right, unlike `/limits` (facts/salesforce.md section 2). */
function dailyCallsOf(reply: Reply): DailyCalls | undefined {
  const [, used, max] = /api-usage=(\d+)\/(\d+)/.exec(reply.headers.get('sforce-limit-info') ?? '') ?? [];
  return used === undefined || max === undefined ? undefined : { used: Number(used), max: Number(max) };
}
