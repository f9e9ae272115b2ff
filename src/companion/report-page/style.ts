/** The style of a report's page: one column that fits a phone, light and dark, and plain on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --line: #d9dee5; --text: #1b2430; --soft: #566273;
  --link: #0b5cab; --out: #2f6fbf; --in: #c2641a; --good: #1d7a3e; --warn: #8f5a00; --bad: #b3261e;
  --good-ground: #e7f4ec; --warn-ground: #fdf3e0; --bad-ground: #fbeae9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12171e; --card: #1b222c; --line: #333e4c; --text: #e6ebf1; --soft: #a2afbf;
    --link: #84b9f5; --out: #6ea8ee; --in: #ef9a57; --good: #73cf94; --warn: #eab558; --bad: #f2918b;
    --good-ground: #17291e; --warn-ground: #2c2412; --bad-ground: #311b1b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 24px 16px 48px; background: var(--page); color: var(--text);
  overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main, header, footer { max-width: 60rem; margin: 0 auto; }
header p, footer { color: var(--soft); font-size: 0.875rem; }
header p { margin: 0 0 4px; }
h1 { margin: 0 0 20px; font-size: 1.6rem; line-height: 1.25; text-wrap: balance; }
h2 { margin: 0 0 12px; font-size: 1.125rem; }
h3 { display: inline; margin: 0; font-size: 1rem; }
section { margin: 0 0 16px; padding: 20px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
p { margin: 0 0 8px; }
a { color: var(--link); }
code { font: 0.875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.outcome { border-left-width: 6px; }
.outcome > :last-child { margin-bottom: 0; }
.good { border-left-color: var(--good); background: var(--good-ground); }
.warn { border-left-color: var(--warn); background: var(--warn-ground); }
.bad { border-left-color: var(--bad); background: var(--bad-ground); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 12px; margin: 0; }
.tiles div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tiles dt { color: var(--soft); font-size: 0.875rem; line-height: 1.3; }
.tiles dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles .alarm dd { color: var(--bad); }
.narrow { display: none; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; font-family: inherit; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .out { fill: var(--out); }
svg .in { fill: var(--in); }
svg .mark { fill: var(--bad); font-size: 13px; font-weight: 700; }
svg .cut { stroke: var(--card); stroke-width: 3; fill: none; }
svg .this { fill: var(--text); }
.key { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 8px 0 0; padding: 0; list-style: none; color: var(--soft); font-size: 0.875rem; }
.key svg { display: inline-block; width: 12px; height: 12px; margin-right: 6px; vertical-align: -1px; }
details { margin: 12px 0 0; }
summary { cursor: pointer; }
summary:focus-visible, a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 8px 0 0; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
th, td { overflow-wrap: normal; padding: 4px 12px 4px 0; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 500; }
.number { text-align: right; }
.group { padding: 12px 0; margin: 0; border-top: 1px solid var(--line); }
.group:first-of-type { border-top: 0; padding-top: 0; }
.group:last-child { padding-bottom: 0; }
.count { display: inline-block; min-width: 2rem; padding: 0 8px; margin-right: 6px; border-radius: 999px; background: var(--page); border: 1px solid var(--line); text-align: center; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.code { margin: 4px 0 0; color: var(--soft); font-size: 0.875rem; }
.people { margin: 8px 0 0; padding: 0; list-style: none; }
.people li { display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 6px 0; border-top: 1px solid var(--line); }
.who { flex: 1 1 auto; min-width: 0; overflow-wrap: anywhere; }
.links { display: flex; flex-wrap: wrap; gap: 2px 12px; font-size: 0.875rem; }
.badge { color: var(--soft); font-size: 0.875rem; }
.badge.alarm { color: var(--bad); font-weight: 600; }
.words { flex: 1 0 100%; color: var(--soft); font-size: 0.875rem; overflow-wrap: anywhere; }
.plain { margin: 0; padding: 0 0 0 1.2rem; overflow-wrap: anywhere; }
.plain li { margin: 0 0 8px; }
.remedy { display: block; color: var(--soft); font-size: 0.875rem; }
@media (max-width: 30rem) {
  body { padding: 16px 10px 32px; }
  section { padding: 16px; }
  h1 { font-size: 1.35rem; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  .wide { display: none; }
  .narrow { display: block; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --line: #c8ced6; --text: #000000; --soft: #444444; --link: #000000;
    --out: #2f6fbf; --in: #c2641a; --good: #1d7a3e; --warn: #8f5a00; --bad: #b3261e;
    --good-ground: #ffffff; --warn-ground: #ffffff; --bad-ground: #ffffff;
  }
  body { padding: 0; font-size: 11pt; }
  .wide { display: block; }
  .narrow { display: none; }
  section { padding: 0 0 12px; border: 0; border-radius: 0; break-inside: auto; }
  .outcome { padding-left: 12px; border-left: 6px solid; }
  .people li, .tiles div, svg { break-inside: avoid; }
  h2, summary { break-after: avoid; }
  svg, .count { print-color-adjust: exact; }
  .group::details-content { content-visibility: visible; block-size: auto; }
}
`;
