import type { TraceTarget } from '../../../operations/insight/trace.ts'
import { headerOfText } from '../../../model/values/header-of-text.ts'
import { ExitCode } from '../../exit-code.ts'
import { collect } from '../../options/collect.ts'
import { oneOf } from '../../options/one-of.ts'
import { addRoutedOptions, type RoutedFlags, routedOptions } from '../../options/routed-options.ts'
import { notOfForm, usageError } from '../../options/usage-error.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren trace topology.yaml --publication order-placed
  warren trace topology.yaml --publication user-event --parameter userId=17 --parameter event=signed-in
  warren trace topologies/ --exchange events --key billing.invoice.paid --header region=eu
  warren trace --queue orders                       # limits, retries and dead letters of a queue
  warren trace --live --vhost orders --exchange events --key order.placed
  warren trace --from definitions.json --exchange events --key order.placed --broker-version 4.3

Nothing is published. --exchange "" is the default exchange.
`

interface TraceFlags extends Omit<RoutedFlags, 'key'> {
  readonly publication?: string
  readonly parameter?: readonly string[]
  readonly exchange?: string
  /** The routing key. The key of the client certificate is `certKey`. */
  readonly key?: string
  readonly certKey?: string
  readonly header?: readonly string[]
  readonly queue?: string
  readonly format: string
}

/** `warren trace`: which queues a message reaches, and what happens to it there. */
export const addTraceCommand: AddCommand = (program, io, exitWith) => {
  addRoutedOptions(program.command('trace'), '--cert-key')
    .description('show which queues a message reaches and what happens to it there; publishes nothing')
    .option('--publication <name>', 'trace a message of this publication')
    .option('--parameter <name=value>', 'the value of a {parameter} of its routing key; repeatable', collect)
    .option('--exchange <name>', 'trace a message to this exchange')
    .option('--key <key>', 'its routing key (default: empty)')
    .option(
      '--header <name=value>',
      'a header of the message; numbers, true and false are read as such; repeatable',
      collect,
    )
    .option('--queue <name>', 'show limits, retries, dead letters and policies of this queue')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: TraceFlags) => {
        const format = oneOf('--format', flags.format, ['text', 'json'])
        const target = targetOf(flags)
        const [vhost, ...further] = (flags.vhost ?? []).filter((each) => !each.includes('='))
        if (further.length > 0) throw usageError('a trace covers a single vhost', 'choose it with --vhost NAME')
        const needsFiles = paths.length > 0 || 'publication' in target
        const { key: _, ...others } = flags
        const { certKey } = flags
        const broker = { ...others, ...(certKey !== undefined && { key: certKey }) }
        const routed = await routedOptions(paths, broker, io, needsFiles)
        const { trace } = await import('../../../operations/insight/trace.ts')
        const found = await trace({ ...routed, target, ...(vhost !== undefined && { vhost }) })
        const { traceText } = await import('../../../render/trace/trace-text.ts')
        const { traceJson } = await import('../../../render/trace/trace-json.ts')
        io.out(format === 'json' ? traceJson(found) : traceText(found, io.outStyle))
        return ExitCode.done
      }),
    )
}

function targetOf({ publication, parameter, exchange, key, header, queue }: TraceFlags): TraceTarget {
  const given = Object.entries({ '--publication': publication, '--exchange': exchange, '--queue': queue })
    .filter(([, value]) => value !== undefined)
    .map(([option]) => option)
  if (given.length !== 1) {
    throw usageError(
      given.length === 0 ? 'the command does not say what to trace' : `${given.join(' and ')} exclude each other`,
      'give one of --publication NAME, --exchange NAME and --queue NAME',
    )
  }
  refuse('--parameter', parameter, publication, '--publication')
  refuse('--key', key, exchange, '--exchange')
  refuse('--header', header, exchange, '--exchange')
  if (publication !== undefined) return { publication, parameters: pairs('--parameter', parameter) }
  if (queue !== undefined) return { queue }
  const headers = Object.entries(pairs('--header', header)).map(([name, text]) => [name, headerOfText(text)])
  return {
    exchange: exchange ?? '',
    routingKey: key ?? '',
    headers: Object.fromEntries(headers) as Record<string, string>,
  }
}

function refuse(option: string, value: unknown, needed: unknown, needs: string): void {
  if (value === undefined || needed !== undefined) return
  throw usageError(`${option} has no effect without ${needs}`, `add ${needs} NAME, or leave out ${option}`)
}

function pairs(option: string, given: readonly string[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw notOfForm(option, 'NAME=VALUE', `${option} name=value`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
