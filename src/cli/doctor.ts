import { readConfig } from '../companion/config.ts';
import { together } from '../companion/config-reader.ts';
import { examine } from '../companion/doctor/examine.ts';
import { outcomeOf } from '../companion/doctor/finding.ts';
import { keptSecretFindings } from '../companion/doctor/kept-secrets.ts';
import { impatient } from '../companion/impatient.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { connect } from './connect.ts';
import { configFileOf, optionsOf, sameConfig } from './options.ts';
import type { Terminal } from './terminal.ts';
import { DOCTOR_USAGE, diagnosis, EXAMINING } from './texts/doctor.ts';
import { fitted } from './texts/fitted.ts';

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** `optbridge doctor`: every prerequisite, and what to do about what is missing. Writes nothing. */
export async function runDoctor(terminal: Terminal): Promise<number> {
  const line = optionsOf('doctor', terminal, OPTIONS);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(DOCTOR_USAGE));
    return EXIT_CODES.done;
  }
  const { read } = together({
    line: () => line.check(0),
    read: () => {
      const file = configFileOf('doctor', options.config);
      return { file, ...readConfig(file, terminal.env) };
    },
  });
  const { file, config, kept } = read;
  if (!options.json) terminal.err(EXAMINING);
  const findings = [...(await examine({ config, ...connect(config, impatient) })), ...keptSecretFindings(file, kept)];
  const outcome = outcomeOf(findings);
  const exitCode = EXIT_CODES[outcome];
  terminal.out(
    options.json
      ? `${JSON.stringify({ outcome, exitCode, findings })}\n`
      : diagnosis(findings, {
          colours: terminal.colours ?? false,
          sameConfig: sameConfig(options.config, terminal),
          titles: {
            salesforce: `Salesforce  ${config.salesforce.url}`,
            activecampaign: `ActiveCampaign  ${config.activecampaign.url}`,
            clock: "This machine's clock",
            schedule: 'Schedule',
            store: 'Store',
          },
        }),
  );
  return exitCode;
}
