import { Body } from './body.tsx';
import css from './more.css?inline';

// Injected twice, the first one stays.
globalThis.optbridge?.onMore?.(Body, css);
