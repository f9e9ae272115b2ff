import { asSalesforceError, limitExceeded, SalesforceError } from '../errors.ts';
import type { Org } from '../org.ts';
import { type Element, named, parseXml, textOf, xmlText } from './xml.ts';

const ENVELOPE = 'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"';
const METADATA = 'http://soap.sforce.com/2006/04/metadata';

function reply(status: number, namespaces: string, body: string): Response {
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope ${ENVELOPE} ${namespaces}><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`,
    { status, headers: { 'Content-Type': 'text/xml;charset=UTF-8' } },
  );
}

/** Every fault comes with 500, whatever it is about. */
function fault({ code, message }: SalesforceError): Response {
  const said = `<faultcode>sf:${code}</faultcode><faultstring>${code}: ${xmlText(message)}</faultstring>`;
  return reply(500, `xmlns:sf="${METADATA}"`, `<soapenv:Fault>${said}</soapenv:Fault>`);
}

/** `/services/Soap/m/NN.0`: `listMetadata`, `readMetadata` and `updateMetadata` of page layouts (DOC:metadata-api). */
export async function soapReply(org: Org, request: Request): Promise<Response> {
  try {
    const envelope = parsed(await request.text());
    const session = org.grants.session(textOf(named(named(envelope, 'Header')[0], 'SessionHeader')[0], 'sessionId'));
    if (session === undefined)
      throw new SalesforceError(
        401,
        'INVALID_SESSION_ID',
        'Invalid Session ID found in SessionHeader: Illegal Session',
      );
    if (org.apiLimit.used >= org.apiLimit.max) throw limitExceeded();
    org.apiLimit.used += 1;
    org.setup.rights.forMetadata(session.user);
    const call = named(envelope, 'Body')[0]?.children[0];
    const result = OPERATIONS[call?.name ?? '']?.(org, call);
    if (call === undefined || result === undefined)
      throw new SalesforceError(400, 'UNKNOWN_EXCEPTION', `No operation available for request ${call?.name ?? ''}`);
    const namespaces = `xmlns="${METADATA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
    return reply(200, namespaces, `<${call.name}Response>${result}</${call.name}Response>`);
  } catch (error) {
    return fault(asSalesforceError(error));
  }
}

function parsed(text: string): Element {
  try {
    return parseXml(text);
  } catch (error) {
    throw new SalesforceError(400, 'UNKNOWN_EXCEPTION', error instanceof Error ? error.message : 'no XML');
  }
}

function onlyLayouts(type: string): void {
  if (type !== 'Layout') throw new SalesforceError(400, 'INVALID_TYPE', `The sandbox has no metadata of type ${type}`);
}

function atMostTen(list: readonly unknown[]): void {
  if (list.length > 10)
    throw new SalesforceError(400, 'EXCEEDED_ID_LIMIT', 'record limit reached. cannot submit more than 10 records');
}

const OPERATIONS: Readonly<Record<string, (org: Org, call: Element | undefined) => string>> = {
  listMetadata: ({ setup }, call) => {
    onlyLayouts(textOf(named(call, 'queries')[0], 'type'));
    return setup.layouts.all
      .map(({ id, fullName, namespace }) => {
        const prefix = namespace === null ? '' : `<namespacePrefix>${namespace}</namespacePrefix>`;
        const file = `<fileName>layouts/${fullName}.layout</fileName>`;
        return `<result>${file}<fullName>${fullName}</fullName><id>${id}</id>${prefix}<type>Layout</type></result>`;
      })
      .join('');
  },

  readMetadata: ({ setup }, call) => {
    onlyLayouts(textOf(call, 'type'));
    const names = named(call, 'fullNames').map(({ text }) => text);
    atMostTen(names);
    const records = names.map((name) => {
      const layout = setup.layouts.named(name);
      if (layout === undefined) return '<records xsi:nil="true"/>';
      return `<records xsi:type="Layout"><fullName>${xmlText(name)}</fullName>${layout.body}</records>`;
    });
    return `<result>${records.join('')}</result>`;
  },

  updateMetadata: ({ setup }, call) => {
    const documents = named(call, 'metadata');
    atMostTen(documents);
    return documents
      .map((document) => {
        const name = textOf(document, 'fullName');
        try {
          if (!/\btype="(?:\w+:)?Layout"/.test(document.attributes)) onlyLayouts('');
          const layout = setup.layouts.named(name);
          if (layout === undefined)
            throw new SalesforceError(400, 'INVALID_CROSS_REFERENCE_KEY', `no Layout named ${name} found`);
          setup.layouts.replace(layout, document);
          return `<result><fullName>${xmlText(name)}</fullName><success>true</success></result>`;
        } catch (error) {
          const { code, message } = asSalesforceError(error);
          const errors = `<errors><message>${xmlText(message)}</message><statusCode>${code}</statusCode></errors>`;
          return `<result>${errors}<fullName>${xmlText(name)}</fullName><success>false</success></result>`;
        }
      })
      .join('');
  },
};
