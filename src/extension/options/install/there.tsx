import { failureSays } from '../../failure-says.ts';
import { say } from '../../say.ts';
import type { Found, LayoutThere, ObjectThere } from './look.ts';
import { accessSays, objectSays } from './says.ts';

/** What is there of the field, object by object. */
export function WhatIsThere({ objects }: { readonly objects: readonly ObjectThere[] }) {
  return (
    <div class="there">
      {objects.map((there) => (
        <OneObject key={there.object} {...there} />
      ))}
    </div>
  );
}

function OneObject({ object, field, access, layouts, forms }: ObjectThere) {
  const lines = [
    [say('options_install_field'), known(field, fieldSays)],
    [say('options_install_history'), known(field, historySays)],
    [say('options_install_access'), known(access, ({ own }) => accessSays(own))],
    [say('options_install_standard'), known(access, ({ standard }) => accessSays(standard))],
    [say('options_install_layouts'), known(layouts, layoutsSay)],
    [say('options_install_forms'), known(forms, formsSay)],
  ] as const;
  return (
    <div>
      <h3>{objectSays(object)}</h3>
      <dl>
        {lines.map(([term, words]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function known<T>(found: Found<T>, says: (value: T) => string): string {
  return 'value' in found ? says(found.value) : say('options_install_unknown', failureSays(found.trouble));
}

function fieldSays(field: { readonly type: string } | undefined): string {
  if (!field) return say('options_install_absent');
  return field.type === 'Checkbox' ? say('options_install_there') : say('options_install_other', field.type);
}

function historySays(field: { readonly tracked: boolean } | undefined): string {
  return field ? say(field.tracked ? 'options_install_on' : 'options_install_off_so') : '–';
}

function layoutsSay(layouts: readonly LayoutThere[]): string {
  const on = layouts.filter(({ has }) => has).map(({ label }) => label);
  const words = say('options_install_some', String(on.length), String(layouts.length));
  return on.length > 0 ? `${words} (${on.join(', ')})` : words;
}

function formsSay(labels: readonly string[]): string {
  return labels.length === 0 ? say('options_install_no_forms') : say('options_install_some_forms', labels.join(', '));
}
