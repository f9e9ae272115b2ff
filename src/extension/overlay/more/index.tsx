import { Below } from './below.tsx';
import css from './more.css?inline';

// Injected twice, the first one stays.
globalThis.optbridge?.onMore?.(Below, css);
