/** A reply that refuses, with a body of the many shapes that ActiveCampaign uses (facts section 10). */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A missing or wrong key. The words are unsure. */
export function badKey(status: 401 | 403): Refusal {
  return new Refusal(status, { message: 'You are not authorized to access this resource. Check your API key.' });
}

/** `kind` is ActiveCampaign's inner word: a contact is a `Subscriber`, a contact's tag a `SubscriberTag`. */
export function noResult(kind: string, id: string): Refusal {
  return new Refusal(404, { message: `No Result found for ${kind} with id ${id}` });
}

/** Deleting a contact that is gone is refused in other words than reading it. */
export function noContactToDelete(id: string): Refusal {
  return new Refusal(404, { message: `No result found for contact with id ${id}` });
}

/** Cloudflare's refusal, in front of the service: a page, not JSON. Its words are made up. */
export function turnedAway(): Response {
  const page = '<!DOCTYPE html><html><head><title>Access denied</title></head><body>error code: 1010</body></html>';
  return new Response(page, { status: 403, headers: { 'Content-Type': 'text/html', Server: 'cloudflare' } });
}

/** What `/lists/exclusions` has against a part of a query (facts/samples: error-422-exclusions). */
export interface Objection {
  readonly detail: string;
  readonly pointer: string;
}

/** A filter that `/lists/exclusions` does not know. */
export function unknownFilter(field: string): Objection {
  const detail = `Invalid filter field: "${field}". Allowed fields are: matchPhrase, lists`;
  return { detail, pointer: `/data/attributes/filters[${field}]` };
}

/** An order that is neither of the two. */
export function badOrder(field: string, direction: string): Objection {
  const detail = `Invalid order direction: "${direction}". Allowed values are: "ASC", "DESC"`;
  return { detail, pointer: `/data/attributes/orders[${field}]` };
}

export function invalidAttributes(objections: readonly Objection[]): Refusal {
  return new Refusal(422, {
    errors: objections.map(({ detail, pointer }) => ({
      status: 422,
      title: 'Invalid attribute',
      detail,
      source: { pointer },
    })),
  });
}

export function noSuchPath(): Refusal {
  return new Refusal(404, { message: 'Not Found' });
}

export function duplicateAddress(): Refusal {
  return new Refusal(422, {
    errors: [
      {
        title: 'Email address already exists in the system',
        detail: '',
        code: 'duplicate',
        source: { pointer: '/data/attributes/email' },
      },
    ],
  });
}

export function fieldRefused(field: string, code: 'field_missing' | 'field_invalid' | 'related_missing'): Refusal {
  const words = {
    field_missing: `${field} was not provided.`,
    field_invalid: `${field} is not valid.`,
    related_missing: `The related ${field} does not exist.`,
  };
  return new Refusal(422, {
    errors: [{ title: words[code], detail: '', code, source: { pointer: `/data/attributes/${field}` } }],
  });
}

export function noTagGiven(): Refusal {
  return new Refusal(400, {
    errors: [
      {
        title: 'Invalid value for query parameter contactTag.tag',
        detail: 'No tag id provided',
        source: { parameter: 'contactTag.tag' },
      },
    ],
  });
}

export function tagContactMissing(): Refusal {
  return new Refusal(422, {
    errors: [{ status: 422, title: 'Missing attribute', source: { pointer: '/data/attributes/contact' } }],
  });
}

export function tagContactNotFound(): Refusal {
  return new Refusal(404, { errors: [{ status: 404, title: 'Not Found', detail: 'Contact not found' }] });
}

/** The body is undocumented: nobody should read it. */
export function tooManyRequests(): Refusal {
  return new Refusal(429, { errors: [{ title: '429 Too Many Requests' }] }, { 'Retry-After': '1' });
}
