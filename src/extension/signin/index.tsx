import { render } from 'preact';
import { say } from '../say.ts';
import { SignIn } from './signin.tsx';

document.title = say('signin_title');
document.documentElement.lang = say('language');
const host = new URL(location.href).searchParams.get('host') ?? '';
const app = document.getElementById('app');
if (app) render(<SignIn host={host} />, app);
