import type { TestOptions } from '../../../operations/insight/test.ts'
import { ExitCode } from '../../exit-code.ts'
import { collect } from '../../options/collect.ts'
import { addAmqpOption } from '../../options/connection/amqp-option.ts'
import { addBrokerOptions, type BrokerFlags } from '../../options/connection/broker-options.ts'
import { brokerOf, chooseRun } from '../../options/chosen-runs.ts'
import type { Io } from '../../output/io.ts'
import { printError } from '../../output/print-error.ts'
import { type Output, readOutputs, type ReportFlags, withOutputs } from '../../output/reports.ts'
import { addTopologyOptions, type TopologyFlags } from '../../options/topology-options.ts'
import { usageError } from '../../options/usage-error.ts'
import { stopOnSignal } from '../../terminal/stop-on-signal.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren test topology.yaml                         # the tests of topology.test.yaml
  warren test topologies/                           # all *.test.yaml below the folder
  warren test topology.yaml --tests expectations.yaml --broker-version 4.0
  warren test topologies/ --report junit=tests.xml
  warren test topology.yaml --watch
  warren test topology.yaml --live --url http://localhost:15672 --user guest --password-file password

Without --live, the tests run against a model of the broker's rules, and warren publishes nothing. With --live, they run on a broker, in temporary vhosts and with temporary users; the login has to be an administrator. Exits with 2 if a test fails.
`

interface TestFlags extends TopologyFlags, BrokerFlags, ReportFlags {
  readonly live?: boolean
  readonly watch?: boolean
  readonly brokerVersion?: string
  readonly tests?: readonly string[]
}

/** `warren test`: checks the expectations of a topology. */
export const addTestCommand: AddCommand = (program, io, exitWith) => {
  addAmqpOption(addBrokerOptions(addTopologyOptions(program.command('test'))))
    .description('run the tests of a topology, against a model of the broker or on a broker')
    .option('--live', 'run the tests on a broker, in temporary vhosts and with temporary users')
    .option('--watch', 'run the tests again whenever a file of the topology, its tests or the config changes')
    .option('--tests <file>', 'a test file (default: *.test.yaml next to the topology); repeatable', collect)
    .option('--broker-version <version>', 'use the rules of this RabbitMQ version, such as 4.3 (default: the newest)')
    .option('--format <format>', 'text, json or junit', 'text')
    .option('--report <format=path>', 'also write the results in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: TestFlags) => {
        const outputs = readOutputs(flags, io, ['text', 'json', 'junit'])
        if (flags.live === true && flags.brokerVersion !== undefined) {
          throw usageError('--broker-version has no effect with --live', 'the version is that of the broker')
        }
        const once = async (signal?: AbortSignal) => {
          const run = await chooseRun(paths, flags, io)
          const options: TestOptions = {
            files: run.files,
            secrets: io.secrets,
            ...(flags.brokerVersion !== undefined && { brokerVersion: flags.brokerVersion }),
            ...(flags.tests && { tests: flags.tests }),
            ...(flags.live === true && { live: { ...(await brokerOf(run, flags, io)), ...(signal && { signal }) } }),
          }
          return runTests(options, outputs, io)
        }
        if (flags.watch === true) return stoppable(io, (signal) => watchTests(once, paths, flags, signal, io))
        return flags.live === true ? stoppable(io, once) : once()
      }),
    )
}

/** Lets a signal end the tests, after deleting everything that they created on a broker. */
async function stoppable(io: Io, run: (signal: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  const stop = stopOnSignal(io, () => undefined)
  stop.listen()
  try {
    const code = await run(stop.signal)
    return stop.exitCode() ?? code
  } catch (error) {
    const code = stop.exitCode()
    if (code === undefined) throw error
    io.err('The tests were interrupted; their vhosts and users are deleted.\n')
    return code
  } finally {
    stop.dispose()
  }
}

/** Runs tests again whenever a file next to the topology, the tests or the config changes, until a signal ends it. */
async function watchTests(
  once: (signal: AbortSignal) => Promise<ExitCode>,
  paths: readonly string[],
  { tests = [], config }: TestFlags,
  signal: AbortSignal,
  io: Io,
): Promise<ExitCode> {
  const { repeatOnChange } = await import('../../terminal/repeat-on-change.ts')
  const watched = [...(paths.length === 0 ? ['.'] : paths), ...tests, ...(typeof config === 'string' ? [config] : [])]
  const run = async () => {
    // A file that is being edited may be invalid, and the next change may correct it.
    const code = await once(signal).catch((error: unknown) => printError(error, io))
    if (!signal.aborted) io.err(io.errStyle.faint('Waiting for file changes; press Ctrl-C to end.\n'))
    return code
  }
  return repeatOnChange(run, watched, signal)
}

async function runTests(options: TestOptions, outputs: readonly Output[], io: Io): Promise<ExitCode> {
  return withOutputs('test', outputs, io, async (write) => {
    const { test } = await import('../../../operations/insight/test.ts')
    const report = await test(options)
    const { testsText } = await import('../../../render/tests/tests-text.ts')
    const { formatTests } = await import('../../../render/formats/format-tests.ts')
    await write((format, style) =>
      Promise.resolve(
        format === 'json' || format === 'junit' ? formatTests(report, { format }) : testsText(report, style),
      ),
    )
    return report.failed === 0 ? ExitCode.done : ExitCode.changesPending
  })
}
