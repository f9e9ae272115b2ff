import { parted, type Words } from './words.ts';

/** An ISO instant as a day and the time of it. */
export function moment(instant: string, { locale }: Words): string {
  return new Date(instant).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}

/** How long ago an ISO instant was. */
export function ago(instant: string, now: number, { locale }: Words): string {
  const { n, unit } = parted(now - Date.parse(instant));
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }).format(-n, unit);
}
