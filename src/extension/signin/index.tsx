import { render } from 'preact';
import { ask } from '../ask.ts';
import { say } from '../say.ts';
import { SignIn } from './signin.tsx';
import { leave } from './their-window.ts';

document.title = say('signin_title');
document.documentElement.lang = say('language');
const { searchParams } = new URL(location.href);
const host = searchParams.get('host') ?? '';
const org = searchParams.get('org');
const app = document.getElementById('app');
if (app) render(<SignIn host={host} org={org} />, app);
globalThis.addEventListener('pagehide', () => {
  const address = leave();
  if (address) void ask({ kind: 'sign-in-left', address });
});
