import { RULES } from './rules.ts';

/** The rules table in Markdown, made from the code that runs: docs/rules.md and the README show it. */
export function rulesTable(): string {
  const rows = RULES.map((rule) => [
    rule.code ? `\`${rule.code}\`` : '(no code)',
    rule.holdsWhen,
    rule.does,
    rule.remembered,
  ]);
  return [['reason code', 'holds when', 'then', 'agreement'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
