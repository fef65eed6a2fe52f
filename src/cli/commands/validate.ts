import type { Command } from 'commander'
import { ExitCode } from '../exit-code.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { countOf } from '../../render/words/count-of.ts'
import { showText } from '../../render/words/show-value.ts'
import type { AddCommand } from './add-command.ts'
import { addTopologyOptions, type TopologyFlags, topologyOptions } from '../options/topology-options.ts'

const EXAMPLES = `
Examples:
  warren validate topology.yaml
  warren validate topologies/ --overlay prod.yaml
`

/** `warren validate`: every finding about the files, without a broker. */
export const addValidateCommand: AddCommand = (program, io, exitWith) => {
  addTopologyOptions(program.command('validate'))
    .description('check topology files without a broker')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: TopologyFlags, _command: Command) => {
        const { validate } = await import('../../operations/files/validate.ts')
        const { desired, findings, sources } = await validate(topologyOptions(paths, flags, io))
        if (desired === undefined) throw new InvalidInputError(findings, sources)
        if (findings.length > 0) {
          const { findingsText } = await import('../../render/text/findings-text.ts')
          io.err(findingsText(findings, sources, io.errStyle))
        }
        const { topology, routes } = desired
        const counts = [
          countOf(topology.exchanges.length, 'exchange'),
          countOf(topology.queues.length, 'queue'),
          countOf(topology.bindings.length, 'binding'),
          countOf(topology.users.length, 'user'),
          countOf(routes.publications.length, 'publication'),
          countOf(routes.subscriptions.length, 'subscription'),
        ]
        io.out(`valid  project ${showText(desired.project)}: ${counts.join(', ')}\n`)
        return ExitCode.done
      }),
    )
}
