import type { TestOptions } from '../../../operations/insight/test.ts'
import type { BrokerOptions } from '../../../operations/session/options.ts'
import { ExitCode } from '../../exit-code.ts'
import { collect } from '../../options/collect.ts'
import { addAmqpOption } from '../../options/connection/amqp-option.ts'
import { addBrokerOptions, type BrokerFlags } from '../../options/connection/broker-options.ts'
import { brokerOf, chooseRun } from '../../options/chosen-runs.ts'
import type { Io } from '../../output/io.ts'
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
  warren test topology.yaml --live --url http://localhost:15672 --user guest --password-file password

Without --live it publishes nothing: the tests run on a model of the broker's rules. With --live they run on a broker, in vhosts and
with users that are deleted afterwards; the login has to be an administrator. Exits with 2 if a test fails.
`

interface TestFlags extends TopologyFlags, BrokerFlags, ReportFlags {
  readonly live?: boolean
  readonly brokerVersion?: string
  readonly tests?: readonly string[]
}

/** `warren test`: checks the expectations of a topology. */
export const addTestCommand: AddCommand = (program, io, exitWith) => {
  addAmqpOption(addBrokerOptions(addTopologyOptions(program.command('test'))))
    .description('check what tests expect of a topology, on a model of the broker or on a broker')
    .option('--live', 'run the tests on a broker, in throw-away vhosts and with throw-away users')
    .option('--tests <file>', 'a file of tests (default: *.test.yaml next to the topology); repeatable', collect)
    .option('--broker-version <version>', 'the version whose rules hold, such as 4.3 (default: the newest)')
    .option('--format <format>', 'text, json or junit', 'text')
    .option('--report <format=path>', 'also write the results in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: TestFlags) => {
        const outputs = readOutputs(flags, io, ['text', 'json', 'junit'])
        if (flags.live === true && flags.brokerVersion !== undefined) {
          throw usageError('--broker-version makes no sense with --live', 'the version is that of the broker')
        }
        const run = await chooseRun(paths, flags, io)
        const options: TestOptions = {
          files: run.files,
          secrets: io.secrets,
          ...(flags.brokerVersion !== undefined && { brokerVersion: flags.brokerVersion }),
          ...(flags.tests && { tests: flags.tests }),
        }
        return flags.live === true
          ? runLive(options, await brokerOf(run, flags, io), outputs, io)
          : runTests(options, outputs, io)
      }),
    )
}

/** A signal ends the tests, and what they created is deleted first. */
async function runLive(
  options: TestOptions,
  broker: BrokerOptions,
  outputs: readonly Output[],
  io: Io,
): Promise<ExitCode> {
  const stop = stopOnSignal(io, () => undefined)
  stop.listen()
  try {
    return await runTests({ ...options, live: { ...broker, signal: stop.signal } }, outputs, io)
  } catch (error) {
    const code = stop.exitCode()
    if (code === undefined) throw error
    io.err('The tests were interrupted; their vhosts and users are deleted.\n')
    return code
  } finally {
    stop.dispose()
  }
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
