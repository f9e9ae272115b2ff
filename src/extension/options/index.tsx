import { render } from 'preact';
import { say } from '../say.ts';
import { Options } from './options.tsx';

document.title = say('options_title');
document.documentElement.lang = say('language');
const app = document.getElementById('app');
if (app) render(<Options />, app);
