import type { TestOptions } from '../../../operations/insight/test.ts'
import { ExitCode } from '../../exit-code.ts'
import { collect } from '../../options/collect.ts'
import { chooseRun } from '../../options/chosen-runs.ts'
import type { Io } from '../../output/io.ts'
import { type Output, readOutputs, type ReportFlags, withOutputs } from '../../output/reports.ts'
import { addTopologyOptions, type TopologyFlags } from '../../options/topology-options.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren test topology.yaml                         # the tests of topology.test.yaml
  warren test topologies/                           # all *.test.yaml below the folder
  warren test topology.yaml --tests expectations.yaml --broker-version 4.0
  warren test topologies/ --report junit=tests.xml

Publishes nothing: the tests run on a model of the broker's rules. Exits with 2 if a test fails.
`

interface TestFlags extends TopologyFlags, ReportFlags {
  readonly brokerVersion?: string
  readonly tests?: readonly string[]
}

/** `warren test`: checks the expectations of a topology. */
export const addTestCommand: AddCommand = (program, io, exitWith) => {
  addTopologyOptions(program.command('test'))
    .description('check what tests expect of a topology, on a model of the broker')
    .option('--tests <file>', 'a file of tests (default: *.test.yaml next to the topology); repeatable', collect)
    .option('--broker-version <version>', 'the version whose rules hold, such as 4.3 (default: the newest)')
    .option('--format <format>', 'text, json or junit', 'text')
    .option('--report <format=path>', 'also write the results in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: TestFlags) => {
        const outputs = readOutputs(flags, io, ['text', 'json', 'junit'])
        const options: TestOptions = {
          files: (await chooseRun(paths, flags, io)).files,
          secrets: io.secrets,
          ...(flags.brokerVersion !== undefined && { brokerVersion: flags.brokerVersion }),
          ...(flags.tests && { tests: flags.tests }),
        }
        return runTests(options, outputs, io)
      }),
    )
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
