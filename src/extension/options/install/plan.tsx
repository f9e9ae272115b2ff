import { useEffect, useRef } from 'preact/hooks';
import { failureSays } from '../../failure-says.ts';
import { say } from '../../say.ts';
import { type LayoutThere, type ObjectThere, type There, wasThere } from './look.ts';
import type { Progress } from './run.ts';
import { objectSays, progressSays, stepSays } from './says.ts';
import { DESCRIPTION, type Step } from './steps.ts';

interface PlanProps {
  readonly host: string;
  readonly there: There;
  readonly steps: readonly Step[];
  /** How far each step has come; empty before anything is done. */
  readonly progress: readonly (Progress | undefined)[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

/** What will be done, then what is being done, then what was done: the same list. */
export function Plan({ host, there, steps, progress, chosen, onChoose }: PlanProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const begun = progress.length > 0;

  useEffect(() => heading.current?.focus(), []);

  return (
    <>
      <h3 ref={heading} tabIndex={-1}>
        {say('options_install_plan', host)}
      </h3>
      <ol class="steps">
        {steps.map((step, at) => {
          const now = progress[at];
          const failed = now?.at === 'failed';
          return (
            <li key={JSON.stringify(step)}>
              {stepSays(step)}{' '}
              <b class={failed ? 'bad' : now && 'good'}>{progressSays(step, now, wasThere(step, there))}</b>{' '}
              {failed && step.kind === 'layout' && <InSetup host={host} object={step.object} />}
            </li>
          );
        })}
      </ol>
      <p class="hint">{say('options_install_description', DESCRIPTION)}</p>
      {!begun && (
        <fieldset>
          <legend>{say('options_install_layouts')}</legend>
          {there.objects.map((one) => (
            <Layouts key={one.object} {...one} host={host} chosen={chosen} onChoose={onChoose} />
          ))}
          <p class="hint">{say('options_install_whole')}</p>
          <Copy host={host} objects={there.objects} />
        </fieldset>
      )}
    </>
  );
}

type LayoutsProps = Pick<ObjectThere, 'object' | 'layouts'> & Pick<PlanProps, 'host' | 'chosen' | 'onChoose'>;

function Layouts({ object, layouts, host, chosen, onChoose }: LayoutsProps) {
  if ('trouble' in layouts)
    return (
      <p class="wrong">
        {objectSays(object)} – {say('options_install_unknown', failureSays(layouts.trouble))}{' '}
        <InSetup host={host} object={object} />
      </p>
    );
  const tick = (layout: string, on: boolean) => {
    const others = [...chosen].filter((one) => one !== layout);
    onChoose(new Set(on ? [...others, layout] : others));
  };
  return layouts.value
    .filter(({ has }) => !has)
    .map(({ layout, label }) => (
      <div class="tick" key={layout}>
        <input
          type="checkbox"
          id={layout}
          checked={chosen.has(layout)}
          onChange={({ currentTarget: { checked } }) => tick(layout, checked)}
        />
        <label for={layout}>{say('options_install_step_layout', label, objectSays(object))}</label>
      </div>
    ));
}

function InSetup({ host, object }: { readonly host: string; readonly object: string }) {
  return (
    <a
      href={`https://${host}/lightning/setup/ObjectManager/${object}/PageLayouts/view`}
      target="_blank"
      rel="noreferrer"
    >
      {say('options_install_setup')}
    </a>
  );
}

/** The layouts as they are, as a file to keep. */
function Copy({ host, objects }: { readonly host: string; readonly objects: readonly ObjectThere[] }) {
  const all = objects.flatMap(({ layouts }) => ('value' in layouts ? layouts.value : []));
  const save = () => {
    const url = URL.createObjectURL(new Blob([copyOf(all)], { type: 'application/xml' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: `layouts-${host}.xml` });
    // Never revoked: Firefox reads it later, and the page does not live long.
    link.click();
  };
  return all.length === 0 ? null : (
    <div class="bar">
      <button type="button" onClick={save}>
        {say('options_install_copy')}
      </button>
    </div>
  );
}

/** Whole documents, as the Metadata API has them. */
function copyOf(layouts: readonly LayoutThere[]): string {
  const each = layouts.map(
    ({ document }) => `<Layout xmlns="http://soap.sforce.com/2006/04/metadata">${document}</Layout>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<layouts>\n${each.join('\n')}\n</layouts>\n`;
}
