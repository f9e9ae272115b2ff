import { describe, expect, test } from 'vitest';
import { fieldsOn, lostFrom, withField } from '../../src/salesforce/setup/layout.ts';
import { readXml } from '../../src/salesforce/setup/xml.ts';

const item = (field: string) => `<layoutItems><behavior>Edit</behavior><field>${field}</field></layoutItems>`;
const section = (columns: string, style = 'TwoColumnsTopToBottom') =>
  `<layoutSections><label>A &amp; b</label>${columns}<style>${style}</style></layoutSections>`;
const column = (...fields: string[]) => `<layoutColumns>${fields.map(item).join('')}</layoutColumns>`;

describe('a layout', () => {
  const layout = `<fullName>Contact-A</fullName>${section(column('Name') + column('Phone', 'Email'))}${section(column('City'))}`;

  test('takes a field beside the first of its neighbours that it shows, and is the same to the letter but for that', () => {
    const wanted = withField(layout, 'New__c', ['Missing', 'Email', 'Name']) ?? '';
    expect(fieldsOn(wanted)).toEqual(['Name', 'Phone', 'Email', 'New__c', 'City']);
    expect(wanted.replace(item('New__c'), '')).toBe(layout);
    expect(lostFrom(layout, wanted)).toEqual([]);
  });

  test('takes it at the end of its first column of fields where it shows no neighbour', () => {
    const links = section(
      `<layoutColumns><layoutItems><customLink>Map</customLink></layoutItems></layoutColumns>`,
      'CustomLinks',
    );
    const other = `${links}${section(`<layoutColumns/>${column('Name', 'City')}`)}`;
    expect(fieldsOn(withField(other, 'New__c', ['Email']) ?? '')).toEqual(['Name', 'City', 'New__c']);
    expect(withField(links, 'New__c', ['Email'])).toBeUndefined();
  });

  test('that shows the field is left as it is', () => {
    expect(withField(layout, 'City', ['Email'])).toBe(layout);
  });

  test('tells what it lost, also one of two that are alike', () => {
    const twice = `<relatedLists><fields>A</fields></relatedLists><relatedLists><fields>A</fields></relatedLists>`;
    const once = `<relatedLists><fields>A</fields></relatedLists>`;
    expect(lostFrom(twice, once)).toEqual(['relatedLists.fields=A']);
    expect(lostFrom(once, twice)).toEqual([]);
    expect(lostFrom('<a>x &amp; y</a>', '<a>x &#38; y</a>')).toEqual([]);
  });
});

test.each([
  ['is cut', '<a><b>text</b>'],
  ['closes what is not open', '<a></b>'],
  ['has a comment, in which anything may stand', '<a><!-- <b> --></a>'],
  ['has a text that is not read', '<a><![CDATA[<b>]]></a>'],
])('XML that %s is refused, and no layout made of it', (_what, text) => {
  expect(readXml(text)).toBeUndefined();
  expect(() => withField(text, 'New__c', [])).toThrow();
});
