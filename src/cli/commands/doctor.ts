import type { DoctorOptions } from '../../operations/operate/doctor.ts'
import type { Style } from '../../render/words/style.ts'
import { ExitCode } from '../exit-code.ts'
import { addBrokerOptions, duration } from '../options/connection/broker-options.ts'
import { brokerOf, chooseEnvironment, chooseRun } from '../options/chosen-runs.ts'
import { collect } from '../options/collect.ts'
import { oneOf } from '../options/one-of.ts'
import { type SourceFlags, sourceOf } from '../options/source-options.ts'
import { addTopologyOptions, refuseFileOptions, type TopologyFlags } from '../options/topology-options.ts'
import { firstGiven, notOfForm, usageError } from '../options/usage-error.ts'
import type { Io } from '../output/io.ts'
import { readOutputs, type ReportFlags, withOutputs } from '../output/reports.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  warren doctor topology.yaml                       # exits with 0 if healthy, with 2 if there are findings
  warren doctor topology.yaml --sample 30s          # also changes: growth, churn, messages that no one consumes
  warren doctor --live --vhost orders               # all queues of a vhost, without files
  warren doctor --live --sample 30s --format json
  warren doctor -e prod --fail-on error --report junit=health.xml
  warren doctor --before-upgrade 4.3 --live         # what an upgrade of the broker changes, and how to fix it first
  warren doctor --before-upgrade 4.3 --from definitions.json --report markdown=upgrade.md

This changes nothing and receives no messages. If the login or the broker does not allow a check, its result is unknown.
`

const DEFAULT_FAIL_ON = 'warning'

interface DoctorFlags extends SourceFlags, TopologyFlags, ReportFlags {
  readonly vhost?: readonly string[]
  readonly beforeUpgrade?: string
  readonly sample?: string
  readonly maxDepth?: string
  readonly maxAge?: string
  readonly failOn: string
}

/** `warren doctor`: whether a broker is healthy, with numbers and advice. */
export const addDoctorCommand: AddCommand = (program, io, exitWith) => {
  addBrokerOptions(addTopologyOptions(program.command('doctor')))
    .description('examine the health of a broker: depth, consumers, dead letters, alarms, clients; read-only')
    .option('--live', 'examine the whole broker instead of what files declare; --vhost NAME then chooses a vhost')
    .option('--sample <duration>', 'observe the broker for this time, such as 30s, to find changes')
    .option('--max-depth <messages>', 'report queues with more ready messages (default: 10000)')
    .option('--max-age <duration>', 'report queues whose oldest message is older than this, such as 10m (default: 1h)')
    .option('--before-upgrade <version>', 'report what an upgrade to this version changes, such as 4.3')
    .option('--from <file>', 'with --before-upgrade: look at definitions that a broker exported')
    .option(
      '--fail-on <severity>',
      'exit with 2 for findings of this severity or higher: error, warning, notice or never',
      DEFAULT_FAIL_ON,
    )
    .option('--format <format>', 'text, json, markdown or junit', 'text')
    .option('--report <format=path>', 'also write the result in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: DoctorFlags) => {
        const outputs = readOutputs(flags, io, ['text', 'json', 'markdown', 'junit'])
        if (flags.beforeUpgrade !== undefined) return reportUpgrade(flags.beforeUpgrade, paths, flags, io)
        if (flags.from !== undefined) {
          throw usageError('a definitions file shows no health', 'add --before-upgrade VERSION, or leave out --from')
        }
        const failOn = oneOf('--fail-on', flags.failOn, ['error', 'warning', 'notice', 'never'])
        const options = await doctorOptions(paths, flags, io)
        return withOutputs('doctor', outputs, io, async (write) => {
          const { doctor, hasSymptoms } = await import('../../operations/operate/doctor.ts')
          const checkup = await doctor(options)
          const { formatCheckup } = await import('../../render/formats/format-doctor.ts')
          const { checkupText } = await import('../../render/doctor/checkup-text.ts')
          await write((format, style) => Promise.resolve(rendered(format, style)))
          return failOn !== 'never' && hasSymptoms(checkup, failOn) ? ExitCode.changesPending : ExitCode.done

          function rendered(format: string, style: Style): string {
            return format === 'json' || format === 'markdown' || format === 'junit'
              ? formatCheckup(checkup, { format })
              : checkupText(checkup, style)
          }
        })
      }),
    )
}

/** `--before-upgrade`: what has to be fixed before an upgrade of RabbitMQ. */
async function reportUpgrade(before: string, paths: readonly string[], flags: DoctorFlags, io: Io): Promise<ExitCode> {
  if (paths.length > 0) {
    throw usageError(
      'an upgrade report examines a broker or its definitions, not files',
      'leave out the files, and add --live',
    )
  }
  const needless = firstGiven({
    '--sample': flags.sample,
    '--max-depth': flags.maxDepth,
    '--max-age': flags.maxAge,
    // An upgrade report has no severities.
    '--fail-on': flags.failOn === DEFAULT_FAIL_ON ? undefined : flags.failOn,
  })
  if (needless !== undefined) {
    throw usageError(`${needless} makes no sense with --before-upgrade`, 'run the two one after the other')
  }
  refuseFileOptions(flags, '--before-upgrade')
  const outputs = readOutputs(flags, io, ['text', 'json', 'markdown'])
  const source = await sourceOf(flags, io)
  return withOutputs('doctor', outputs, io, async (write) => {
    const { checkUpgrade, needsFixes } = await import('../../operations/operate/upgrade.ts')
    const report = await checkUpgrade({ ...source, before })
    const { formatUpgrade } = await import('../../render/formats/format-doctor.ts')
    const { upgradeText } = await import('../../render/doctor/upgrade-text.ts')
    await write((format, style) =>
      Promise.resolve(
        format === 'json' || format === 'markdown' ? formatUpgrade(report, { format }) : upgradeText(report, style),
      ),
    )
    return needsFixes(report) ? ExitCode.changesPending : ExitCode.done
  })
}

async function doctorOptions(paths: readonly string[], flags: DoctorFlags, io: Io): Promise<DoctorOptions> {
  const limits = {
    ...(flags.maxDepth !== undefined && { maxDepth: wholeNumber('--max-depth', flags.maxDepth) }),
    ...(flags.maxAge !== undefined && { maxAge: duration('--max-age', flags.maxAge) }),
  }
  const sample = flags.sample === undefined ? {} : { sample: duration('--sample', flags.sample) }
  const { vhost = [] } = flags
  const common = { limits, ...sample, secrets: io.secrets }
  if (flags.live === true) {
    if (paths.length > 0) {
      throw usageError('--live examines the whole broker, but files choose a part of it', 'leave out one of the two')
    }
    refuseFileOptions(flags, '--live')
    const onlyVhosts = flags.vhost && { onlyVhosts: flags.vhost }
    return { ...(await brokerOf(await chooseEnvironment(flags, io), flags, io)), ...onlyVhosts, ...common }
  }
  const only = vhost.filter((each) => !each.includes('='))
  const renames = vhost.filter((each) => each.includes('='))
  const run = await chooseRun(paths, { ...flags, vhost: renames }, io)
  const onlyVhosts = only.length > 0 && { onlyVhosts: only }
  return { ...(await brokerOf(run, flags, io)), files: run.files, ...onlyVhosts, ...common }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw notOfForm(option, 'a whole number', `${option} 10000`)
}
