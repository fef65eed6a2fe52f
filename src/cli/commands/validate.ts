import type { Command } from 'commander'
import { ExitCode } from '../../diagnostics/exit-code.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import type { AddCommand } from '../run-command-line.ts'
import { addTopologyOptions, type TopologyFlags, topologyOptions } from '../topology-options.ts'

const EXAMPLES = `
Examples:
  warren validate topology.yaml
  warren validate topologies/ --overlay prod.yaml
`

/** `warren validate`: every finding about the files, without a broker. */
export const addValidateCommand: AddCommand = (program, io, end) => {
  addTopologyOptions(program.command('validate'))
    .description('check topology files without a broker')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: TopologyFlags, _command: Command) => {
      const { validate } = await import('../../verbs/validate.ts')
      const { desired, findings, sources } = await validate(topologyOptions(paths, flags, io))
      if (desired === undefined) throw new InvalidInputError(findings, sources)
      if (findings.length > 0) {
        const { findingsText } = await import('../../render/findings-text.ts')
        io.err(findingsText(findings, sources, io.errStyle))
      }
      const { topology, routes } = desired
      const counts = [
        [topology.exchanges.length, 'exchanges'],
        [topology.queues.length, 'queues'],
        [topology.bindings.length, 'bindings'],
        [topology.users.length, 'users'],
        [routes.publications.length, 'publications'],
        [routes.subscriptions.length, 'subscriptions'],
      ]
      io.out(`valid  project ${desired.project}: ${counts.map((each) => each.join(' ')).join(', ')}\n`)
      end(ExitCode.done)
    })
}
