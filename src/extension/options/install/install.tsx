import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../../say.ts';
import type { SettingsState } from '../../settings/settings.ts';
import { orgHere } from './here.ts';
import { isUsable, lookAt, type There, wasThere } from './look.ts';
import { Plan } from './plan.tsx';
import { install, type Progress } from './run.ts';
import { fieldToInstall, SET, stepsFor } from './steps.ts';
import { WhatIsThere } from './there.tsx';
import { type Used, UseField } from './use-field.tsx';

interface InstallProps {
  /** API hosts of the orgs that somebody is signed in to. */
  readonly hosts: readonly string[];
  readonly state: SettingsState;
  /** Puts the field into the settings; see `UseField`. */
  readonly onUse: (name: string) => Promise<Used>;
}

/** Looks whether an org has an opt-out field of its own, and installs it. */
export function Install({ hosts, state, onUse }: InstallProps) {
  const [picked, setPicked] = useState<string>();
  const [busy, setBusy] = useState<Busy>();
  const host = picked !== undefined && hosts.includes(picked) ? picked : hosts[0];
  const name = fieldToInstall(state.settings.optOutField);

  // A sign-in to another org, which may come first in the list, is no choice of that.
  useEffect(() => setPicked(host), [host]);

  return (
    <section aria-labelledby="install">
      <h2 id="install">{say('options_install')}</h2>
      <p>{say('options_install_intro')}</p>
      {host === undefined && <p class="note">{say('options_install_signed_out')}</p>}
      {hosts.length > 1 && (
        <div class="field">
          <label for="install-org">{say('options_install_org')}</label>
          <select
            id="install-org"
            value={host}
            disabled={busy !== undefined}
            onChange={({ currentTarget: { value } }) => setPicked(value)}
          >
            {hosts.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
      )}
      {host !== undefined && <OneOrg key={`${host} ${name}`} {...{ host, name, state, busy, setBusy, onUse }} />}
    </section>
  );
}

type Busy = 'looking' | 'installing' | undefined;

interface OneOrgProps extends Omit<InstallProps, 'hosts'> {
  readonly host: string;
  /** The field's API name. */
  readonly name: string;
  readonly busy: Busy;
  readonly setBusy: (busy: Busy) => void;
}

function OneOrg({ host, name, state, busy, setBusy, onUse }: OneOrgProps) {
  const [there, setThere] = useState<There>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  const [progress, setProgress] = useState<readonly (Progress | undefined)[]>([]);
  /** What is there after an installation; `there` is what was there before it, by which the steps go. */
  const [after, setAfter] = useState<There>();
  const told = useRef<HTMLParagraphElement>(null);
  const lookButton = useRef<HTMLButtonElement>(null);

  const look = async () => {
    setBusy('looking');
    setChosen(undefined);
    setProgress([]);
    setAfter(undefined);
    setThere(await lookAt(orgHere(host), name));
    setBusy(undefined);
  };

  const lacking = (there?.objects ?? []).flatMap(({ object, layouts }) =>
    'value' in layouts ? layouts.value.flatMap(({ layout, has }) => (has ? [] : [{ object, layout }])) : [],
  );
  const full = there?.name ?? name;
  const steps = stepsFor(
    full,
    lacking.filter(({ layout }) => chosen?.has(layout)),
  );

  const run = async () => {
    setBusy('installing');
    const reached: (Progress | undefined)[] = steps.map(() => undefined);
    const org = orgHere(host);
    await install(org, steps, (at, progress) => {
      reached[at] = progress;
      setProgress([...reached]);
    });
    setAfter(await lookAt(org, name));
    setBusy(undefined);
    // The button that was pressed may go, and the focus with it.
    told.current?.focus();
  };

  const cancel = () => {
    setChosen(undefined);
    lookButton.current?.focus();
  };

  const over = busy === undefined && progress.length > 0;
  const whole = progress.every((step) => step?.at === 'done' || step?.at === 'there');
  const done = progress.filter((step) => step !== undefined && step.at !== 'working').length;
  const wrongType = there?.objects.some(
    ({ field }) => 'value' in field && field.value !== undefined && field.value.type !== 'Checkbox',
  );
  const complete = there !== undefined && lacking.length === 0 && steps.every((step) => wasThere(step, there));
  const now = after ?? there;
  const usable = now !== undefined && isUsable(now) && !busy && (over || !chosen);
  const status = () => {
    if (busy === 'looking') return say('options_install_looking');
    if (busy === 'installing') return say('options_install_installing', String(done), String(steps.length));
    if (over) return say(whole ? 'options_install_over' : 'options_install_part');
    return there && !chosen ? say('options_install_looked') : '';
  };

  return (
    <>
      <div class="bar">
        <button type="button" ref={lookButton} disabled={busy !== undefined} onClick={() => void look()}>
          {say(there ? 'options_install_again' : 'options_install_look')}
        </button>
        {there && !chosen && !complete && !wrongType && (
          <button
            type="button"
            class="main"
            disabled={busy !== undefined}
            onClick={() => setChosen(new Set(lacking.map(({ layout }) => layout)))}
          >
            {say('options_install_open')}
          </button>
        )}
      </div>
      {there && !chosen && <WhatIsThere objects={there.objects} />}
      {wrongType && <p class="wrong">{say('options_install_rename', full)}</p>}
      {there && chosen && (
        <>
          <Plan host={host} there={there} steps={steps} progress={progress} chosen={chosen} onChoose={setChosen} />
          {!(over && whole) && (
            <div class="bar">
              <button type="button" class="main" disabled={busy !== undefined} onClick={() => void run()}>
                {say(over ? 'options_install_go_on' : 'options_install_go')}
              </button>
              {!over && (
                <button type="button" disabled={busy !== undefined} onClick={cancel}>
                  {say('options_install_cancel')}
                </button>
              )}
            </div>
          )}
        </>
      )}
      <p class={`said ${over && !whole ? 'bad' : 'good'}`} role="status" ref={told} tabIndex={-1}>
        {status()}
      </p>
      {after && <WhatIsThere objects={after.objects} />}
      {usable && (
        <>
          <p>
            {say('options_install_others', SET.label)}{' '}
            <a href={`https://${host}/lightning/setup/PermSets/home`} target="_blank" rel="noreferrer">
              {say('options_install_sets')}
            </a>
          </p>
          <UseField name={full} state={state} onUse={onUse} />
        </>
      )}
    </>
  );
}
