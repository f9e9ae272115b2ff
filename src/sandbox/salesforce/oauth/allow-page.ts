import { html } from 'hono/html';
import type { FieldValue } from '../schema.ts';

/** A person who may be signed in with on the page. */
export interface PageUser {
  readonly id: FieldValue;
  readonly name: FieldValue;
  readonly username: FieldValue;
}

const MEANING: Record<string, string> = {
  api: 'Manage user data via APIs',
  refresh_token: 'Perform requests at any time',
  offline_access: 'Perform requests at any time',
  id: 'Access the identity URL service',
  openid: 'Access unique user identifiers',
  web: 'Manage user data via Web browsers',
  full: 'Full access',
};

const shell = (title: string, body: unknown) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="stylesheet" href="/oauth-assets/allow.css" />
  </head>
  <body>
    <main>
      <div class="mark" aria-hidden="true"></div>
      ${body}
    </main>
  </body>
</html>`;

/** "Allow Access?": who signs in, what the app asks for, Allow and Deny. `request` names the request on the server. */
export function allowPage(request: string, app: string, scope: string, users: readonly PageUser[], chosen: string) {
  const asks = [...new Set(scope.split(' ').map((word) => MEANING[word] ?? word))];
  const options = users.map(
    (user) =>
      html`<option value="${user.id}" ${user.id === chosen ? 'selected' : ''}>${user.name} (${user.username})</option>`,
  );
  return shell(
    'Allow Access? | Salesforce',
    html`<h1>Allow Access?</h1>
      <form method="post" action="/services/oauth2/authorize">
        <input type="hidden" name="request" value="${request}" />
        <p><strong>${app}</strong> is asking to:</p>
        <ul>
          ${asks.map((line) => html`<li>${line}</li>`)}
        </ul>
        <label for="user">Do you want to allow access for</label>
        <select id="user" name="user">
          ${options}
        </select>
        <div class="buttons">
          <button name="decision" value="deny">Deny</button>
          <button name="decision" value="allow" class="brand">Allow</button>
        </div>
        <p class="small">To revoke access at any time, go to your personal settings.</p>
      </form>`,
  );
}

/** What Salesforce shows instead of redirecting to an address it does not trust. */
export function refusedPage(error: string, description: string) {
  return shell(
    'Error | Salesforce',
    html`<h1>OAuth Error</h1>
      <p>We can't authorize you because of an OAuth error. For more information, contact your Salesforce administrator.</p>
      <p class="code">${error} : ${description}</p>`,
  );
}
