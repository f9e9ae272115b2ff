import manifest from '../manifest.json' with { type: 'json' };

/** Edge takes Chrome's. */
export type Target = 'chrome' | 'firefox';

/** Signs the add-on in Firefox's store and in policies; made up, like an address, and never changed. */
export const GECKO_ID = 'optbridge@optbridge.example';

/**
 * The manifest of one browser. Firefox knows no `key` (the id is said outright) and no schema for a policy, runs the
 * background as scripts of a hidden page, and wants to be told which data leaves the browser (facts/extension.md, Stores):
 * names and addresses of people go to Salesforce and ActiveCampaign, and so do the rep's tokens.
 */
export function manifestFor(target: Target) {
  if (target === 'chrome') return manifest;
  const { key: _key, minimum_chrome_version: _version, storage: _schema, ...common } = manifest;
  return {
    ...common,
    background: { scripts: [manifest.background.service_worker, 'worker-more.js', 'worker-seldom.js'] },
    browser_specific_settings: {
      gecko: {
        id: GECKO_ID,
        strict_min_version: '142.0',
        data_collection_permissions: { required: ['personallyIdentifyingInfo', 'authenticationInfo'] },
      },
    },
  };
}
