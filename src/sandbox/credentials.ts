/**
 * Who may sign in to the emulated services. None of these opens anything outside the sandbox; they are long and odd only
 * so that a test can search logs and pages for them.
 */
export const CREDENTIALS = {
  activecampaign: {
    url: 'https://acme.api-us1.com',
    key: 'sandbox-activecampaign-key-5f0c2d7a91e64b38',
  },
  salesforce: {
    /** My Domain: the API and OAuth. */
    url: 'https://acme.my.salesforce.com',
    /** Where the record pages are. */
    pagesUrl: 'https://acme.lightning.force.com',
    /** The companion's app: client credentials, and JWT bearer once a test has registered a certificate. */
    clientId: 'sandbox.companion.consumer.key.3MVG9',
    clientSecret: 'sandbox-companion-consumer-secret-8C41E0',
    /** The user as whom the companion's app runs. */
    integrationUsername: 'optbridge.integration@acme.example',
    /** The extension's app: authorization code with PKCE, no secret. */
    extensionClientId: 'sandbox.extension.consumer.key.3MVG9',
    /** Follows from the `key` in the extension's manifest; a test compares the two. */
    extensionRedirectUri: 'https://lmfiifhmphnbcbcfjkfkhbkpccmencmk.chromiumapp.org/',
    /** Somebody who sells, and reads the record pages. */
    repUsername: 'rita.rep@acme.example',
  },
} as const;
