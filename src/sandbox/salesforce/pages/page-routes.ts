import { Hono } from 'hono';
import { html } from 'hono/html';
import { asSalesforceError } from '../errors.ts';
import { asset } from './assets.ts';
import type { PageData } from './page-data.ts';
import type { View } from './views.ts';

/** How the org's admin set up the pages, and how fast they draw. Changes take effect when a page is loaded. */
export interface PageSwitches {
  /** Standard navigation, or a console with a tab for each record and a utility bar. */
  app: 'standard' | 'console';
  /** The record's header: the highlights panel of the page layout, or the Dynamic Highlights Panel. */
  header: 'standard' | 'dynamic';
  /** Synthetic shadow (physically light DOM), or native open roots as in LWC's mixed mode. */
  shadow: 'synthetic' | 'native';
  /** Milliseconds of real time until the header of a record is drawn. */
  drawing: number;
}

/** As strict as Salesforce's: own files only, and no text becomes markup. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
].join('; ');

const shell = (viewer: { name: string; org: string }, { app, header, shadow, drawing }: PageSwitches) =>
  html`<!doctype html>
<html lang="en" data-user="${viewer.name}" data-org="${viewer.org}"
  data-app="${app}" data-header="${header}" data-shadow="${shadow}" data-drawing="${drawing}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Salesforce</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/lightning/assets/lightning.css" />
    <link rel="stylesheet" href="/lightning/assets/frame.css" />
    <link rel="stylesheet" href="/lightning/assets/record.css" />
    <link rel="stylesheet" href="/lightning/assets/console.css" />
    <script type="module" src="/lightning/assets/app.ts"></script>
  </head>
  <body class="sfdcBody desktop oneOne">
    <div id="auraLoadingBox" class="loading">Loading</div>
  </body>
</html>`;

/** The view at a Lightning path, `/edit` and `/related` included; the id says what a record is, not the segment. */
export function viewAt(data: PageData, path: string): View {
  const record = /^\/lightning\/r\/(?:\w+\/)?(\w{15}|\w{18})\/(?:view|edit|related\/\w+\/view)$/.exec(path);
  if (record) return data.record(record[1] ?? '') ?? { kind: 'missing' };
  const list = /^\/lightning\/o\/(\w+)\/(?:list|home)$/.exec(path);
  if (list) return data.list(list[1] ?? '') ?? { kind: 'missing' };
  return path === '/lightning/page/home' || path === '/lightning' ? data.home() : { kind: 'missing' };
}

/** Lightning-like pages: one shell for every path; its script asks for the view of the path it finds itself at. */
export function pageRoutes(data: PageData, switches: PageSwitches): Hono {
  const app = new Hono();
  app.get('/lightning/assets/:name', async (c) => {
    const found = await asset(c.req.param('name'));
    if (found === undefined) return c.notFound();
    return c.body(found.body, 200, {
      'Content-Type': `${found.type}; charset=utf-8`,
      'X-Content-Type-Options': 'nosniff',
    });
  });
  app.get('/lightning/view', (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json(viewAt(data, c.req.query('path') ?? ''));
  });
  // Lightning's own address for it, as public tools record it; what is sent is ours.
  app.post('/aura', async (c) => {
    const { id, values }: { id: string; values: Record<string, unknown> } = await c.req.json();
    try {
      data.save(id, values);
      return c.json({});
    } catch (error) {
      return c.text(asSalesforceError(error).message, 400);
    }
  });
  app.get('/lightning/*', (c) => {
    c.header('Content-Security-Policy', POLICY);
    c.header('Cache-Control', 'no-store');
    return c.html(shell(data.viewer(), switches));
  });
  app.get('/lightning', (c) => c.redirect('/lightning/page/home', 302));
  return app;
}
