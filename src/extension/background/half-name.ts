import { partsOf } from '../../salesforce/field-name.ts';
import { basePath } from '../../salesforce/records.ts';
import { isObject } from '../../service/http.ts';
import type { Keeper } from './keeper.ts';
import { NotConfigured } from './problem.ts';
import type { Services } from './sides.ts';

/** What an org calls its fields changes rarely, and the answer is long. */
const KEPT_FOR = 10 * 60_000;

/**
 * What to say in place of a failure. Salesforce that knows no field of the name in the settings says so, and no more; where it
 * has one of that name with a namespace before it, the settings name half of it, and the whole name is what helps. Never
 * rejects: where it cannot be asked, the failure is left as it is.
 */
export async function halfNamed(
  { services, keeper }: { readonly services: Pick<Services, 'salesforce'>; readonly keeper: Pick<Keeper, 'kept'> },
  host: string,
  cause: unknown,
): Promise<unknown> {
  if ((cause as { detail?: { code?: string } })?.detail?.code !== 'INVALID_FIELD') return cause;
  try {
    const { reach, field } = await services.salesforce(host);
    // A name that Salesforce gave by itself, or that is whole.
    if (!/__c$/i.test(field) || partsOf(field).namespace !== null) return cause;
    const whole = await keeper.kept(`field ${host} ${field}`, KEPT_FOR, async () => {
      const path = `${await basePath(reach.version)}/sobjects/Contact/describe`;
      const { names } = await reach.ask({ method: 'GET', path }, namesIn);
      return names.find((name) => partsOf(name).bare.toLowerCase() === field.toLowerCase()) ?? '';
    });
    return whole ? new NotConfigured('salesforce', 'field_name', 'not-configured', whole) : cause;
  } catch {
    return cause;
  }
}

function namesIn(body: unknown): { readonly names: readonly string[] } | undefined {
  if (!isObject(body) || !Array.isArray(body.fields)) return undefined;
  return { names: body.fields.map((field) => (isObject(field) ? `${field.name}` : '')) };
}
