import type { Reply } from '../../service/http.ts';
import type { Patience } from '../../service/retry.ts';
import { type Line, malformed } from '../line.ts';
import { type SignIn, withToken } from '../with-token.ts';
import { childrenOf, readXml, textOf, type XmlElement, xmlText } from './xml.ts';

/** Page layouts, each a whole XML document: what stands inside its element, kept to the letter. */
export interface Metadata {
  /** Full names of all layouts, as `read` takes them, such as `Contact-Contact %28Sales%29 Layout`. */
  list(): Promise<readonly string[]>;
  /** Layouts by full name; one that Salesforce does not give is absent. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Replaces a layout by a document of the same full name. Rejects with Salesforce's words; nothing is changed then. */
  update(document: string): Promise<void>;
}

/** DOC:metadata-api/readmetadata */
const AT_ONCE = 10;
const NAMESPACES =
  'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata" ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/**
 * The Metadata API over SOAP. It is asked for layouts because the Tooling API loses parts of one on the way: it does not take
 * back the action list and the summary that it gave (github.com/jetstreamapp/jetstream/issues/919).
 */
export function createMetadata(line: Line, version: string, signIn: SignIn & Patience): Metadata {
  function call(operation: string, body: string): Promise<Answer> {
    const outbound = (session: string) => ({
      method: 'POST' as const,
      path: `/services/Soap/m/${version}`,
      headers: { accept: 'text/xml', 'content-type': 'text/xml; charset=UTF-8', soapaction: '""' },
      body:
        `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope ${NAMESPACES}><soapenv:Header><SessionHeader>` +
        `<sessionId>${xmlText(session)}</sessionId></SessionHeader></soapenv:Header><soapenv:Body>` +
        `<${operation}>${body}</${operation}></soapenv:Body></soapenv:Envelope>`,
    });
    return withToken(signIn, operation !== 'updateMetadata', async (session) =>
      answerOf(line, operation, await line.send(outbound(session)), session),
    );
  }

  return {
    async list() {
      const { text, results } = await call('listMetadata', '<queries><type>Layout</type></queries>');
      const of = (result: XmlElement, name: string) => textOf(text, childrenOf([result], name)[0]);
      return results.map((result) => inPackage(of(result, 'fullName'), of(result, 'namespacePrefix')));
    },

    async read(names) {
      const found = new Map<string, string>();
      for (let at = 0; at < names.length; at += AT_ONCE) {
        const some = names.slice(at, at + AT_ONCE).map((name) => `<fullNames>${xmlText(name)}</fullNames>`);
        const { text, results } = await call('readMetadata', `<type>Layout</type>${some.join('')}`);
        for (const record of childrenOf(results, 'records')) {
          const name = textOf(text, childrenOf([record], 'fullName')[0]);
          if (name !== '') found.set(name, text.slice(record.from, record.to));
        }
      }
      return found;
    },

    async update(document) {
      const { text, results } = await call('updateMetadata', `<metadata xsi:type="Layout">${document}</metadata>`);
      const of = (name: string, ...path: string[]) => textOf(text, childrenOf(results, ...path, name)[0]);
      if (of('success') === 'true') return;
      throw line.refusalOf(CALL('updateMetadata'), refusal(of('statusCode', 'errors'), of('message', 'errors')));
    },
  };
}

interface Answer {
  /** The whole reply. */
  readonly text: string;
  readonly results: readonly XmlElement[];
}

const CALL = (operation: string) => `POST /services/Soap/m ${operation}`;

/** What came back, or the failure that a fault stands for. No failure quotes the token. */
function answerOf(line: Line, operation: string, reply: Reply, token: string): Answer {
  const { text } = reply;
  const body = childrenOf(readXml(text) ?? [], 'Body');
  const [fault] = childrenOf(body, 'Fault');
  if (fault) {
    const of = (name: string) => textOf(text, childrenOf([fault], name)[0]).replaceAll(token, '…');
    const code = of('faultcode').replace(/^\w+:/, '');
    throw line.refusalOf(CALL(operation), refusal(code, of('faultstring').replace(`${code}: `, '')));
  }
  if (reply.status >= 300) throw line.refusalOf(CALL(operation), reply);
  const [answer] = childrenOf(body, `${operation}Response`);
  if (!answer) throw malformed(CALL(operation), 'a reply that is cut or no XML');
  return { text, results: childrenOf([answer], 'result') };
}

/** A refusal as the REST API has it, which tells the kinds of failure apart by the same codes. */
function refusal(errorCode: string, message: string): Reply {
  const text = JSON.stringify([{ errorCode, message }]);
  return { status: errorCode === 'INVALID_SESSION_ID' ? 401 : 400, headers: new Headers(), text, at: undefined };
}

/** The list leaves a package's prefix out, and `read` wants it: `Contact-acme__Partner Layout` (certinia/apex-mdapi#302). */
function inPackage(fullName: string, namespace: string): string {
  const [, object = '', name = ''] = /^([^-]+)-(.*)$/.exec(fullName) ?? [];
  return namespace === '' || name.startsWith(`${namespace}__`) ? fullName : `${object}-${namespace}__${name}`;
}
