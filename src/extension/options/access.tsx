import { useEffect, useState } from 'preact/hooks';
import { browser } from '../browser.ts';
import { say } from '../say.ts';

/** Every host of the manifest; the person may have taken one away, and Firefox gives none unasked. */
const ORIGINS = browser.runtime.getManifest().host_permissions ?? [];

/** Says when the browser keeps OptBridge from a host that it needs, with a button that asks for it again. */
export function Access() {
  const [whole, setWhole] = useState(true);

  useEffect(() => {
    const look = () => void browser.permissions.contains({ origins: ORIGINS }).then(setWhole);
    look();
    browser.permissions.onAdded.addListener(look);
    browser.permissions.onRemoved.addListener(look);
    return () => {
      browser.permissions.onAdded.removeListener(look);
      browser.permissions.onRemoved.removeListener(look);
    };
  }, []);

  return whole ? null : (
    <div class="alert" role="alert">
      <p>{say('options_access')}</p>
      <button type="button" class="main" onClick={() => void browser.permissions.request({ origins: ORIGINS })}>
        {say('options_access_give')}
      </button>
    </div>
  );
}
