import type { Survey } from '../../../insight/survey/survey.ts'
import type { SurveyOptions } from '../../../operations/insight/survey.ts'
import { ExitCode } from '../../exit-code.ts'
import { duration } from '../../options/connection/broker-options.ts'
import { chooseRuns } from '../../options/chosen-runs.ts'
import { collect } from '../../options/collect.ts'
import { lintSettingsOf } from '../../options/lint-flags.ts'
import { oneOf } from '../../options/one-of.ts'
import { percentage } from '../../options/percentage.ts'
import { addSourceOptions, type SourceFlags, sourceOf } from '../../options/source-options.ts'
import { usageError } from '../../options/usage-error.ts'
import type { Io } from '../../output/io.ts'
import { readOutputs, type ReportFlags, withOutputs } from '../../output/reports.ts'
import type { AddCommand } from '../add-command.ts'

const FORMATS = ['text', 'json', 'markdown'] as const

const EXAMPLES = `
Examples:
  warren survey --live                              # the objects of the broker, and the share that is managed
  warren survey --live --vhost orders --format markdown
  warren survey --live --format html > broker.html  # a page with pictures, to search and trace messages in
  warren survey --live topologies/                  # also by the label "owner" of the files
  warren survey --live --sample 60s                 # activity within a minute
  warren survey --live --unmanaged --target 'queue:*'
  warren survey --live --min-coverage 80%           # exits with 2 if less is managed, with 6 if it is unknown
  warren survey --from definitions.json             # definitions that a broker exported, without a broker
`

interface SurveyFlags extends SourceFlags, ReportFlags {
  readonly unmanaged?: boolean
  readonly target?: readonly string[]
  readonly sample?: string
  readonly minCoverage?: string
}

/** `warren survey`: the contents of a broker, and the share that is managed. */
export const addSurveyCommand: AddCommand = (program, io, exitWith) => {
  addSourceOptions(
    program
      .command('survey')
      .argument(
        '[path...]',
        'topology files and folders; the survey counts objects by their label "owner" (default: none)',
      ),
  )
    .description('list the objects of a broker, their consumers and the share that is managed; read-only')
    .option('--unmanaged', 'also list objects that no project owns')
    .option('--target <glob>', 'list only unmanaged objects whose address matches; repeatable', collect)
    .option('--sample <duration>', 'observe the broker for this time, such as 60s, to see which objects are in use')
    .option('--min-coverage <percent>', 'exit with 2 if less is managed, such as 80%, and with 6 if it is unknown')
    .option('--format <format>', 'text, json, markdown or html', 'text')
    .option('--report <format=path>', 'also write the result in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: SurveyFlags) => {
        const isPage = oneOf('--format', flags.format, [...FORMATS, 'html']) === 'html'
        // A page is written apart from the reports, which have no such format.
        const outputs = isPage
          ? readOutputs({ ...flags, format: 'text' }, io, FORMATS).slice(1)
          : readOutputs(flags, io, FORMATS)
        const least = flags.minCoverage === undefined ? undefined : percentage('--min-coverage', flags.minCoverage)
        const sample = flags.sample === undefined ? undefined : duration('--sample', flags.sample)
        if (sample !== undefined && flags.from !== undefined) {
          throw usageError('--sample needs a broker, and --from does not use one', 'observe a broker with --live')
        }
        if (flags.target !== undefined && flags.unmanaged !== true) {
          throw usageError('--target has no effect without --unmanaged, whose list it narrows', 'add --unmanaged')
        }
        const source = await sourceOf(flags, io)
        const { vhost: _, ...filesFlags } = flags
        const { ownFilesOf } = await import('../../../operations/workspace/validate-runs.ts')
        const chosen = paths.length === 0 ? undefined : await chooseRuns(paths, filesFlags, io)
        const files = chosen && (await ownFilesOf(chosen.map((run) => run.files)))
        return withOutputs('survey', outputs, io, async (write) => {
          const options: SurveyOptions = {
            ...source,
            lintSettings: await lintSettingsOf(flags, io),
            ...(files && { files }),
            unmanaged: flags.unmanaged === true,
            ...(flags.target && { targets: flags.target }),
            ...(sample !== undefined && { sample }),
          }
          const found = isPage ? await writePage(options, io) : await surveyOf(options)
          const { formatSurvey } = await import('../../../render/formats/format-survey.ts')
          const { surveyText } = await import('../../../render/survey/survey-text.ts')
          await write((format, style) =>
            Promise.resolve(
              format === 'json' || format === 'markdown' ? formatSurvey(found, { format }) : surveyText(found, style),
            ),
          )
          return least === undefined ? ExitCode.done : judge(found, least, io)
        })
      }),
    )
}

async function surveyOf(options: SurveyOptions): Promise<Survey> {
  const { survey } = await import('../../../operations/insight/survey.ts')
  return survey(options)
}

/** Writes the page with the pictures of the broker. */
async function writePage(options: SurveyOptions, io: Io): Promise<Survey> {
  const { surveyPage } = await import('../../../operations/pictures/survey-page.ts')
  const { drawPage } = await import('../../../render/formats/draw-page.ts')
  const page = await surveyPage(options)
  // Its data is masked already, and a mask in its code would break the page.
  io.reveal(await drawPage(page))
  return page.survey
}

/** The exit code of `--min-coverage`, with the reason on stderr. */
async function judge({ coverage }: Survey, least: number, io: Io): Promise<ExitCode> {
  const { reachesCoverage } = await import('../../../operations/insight/survey.ts')
  const reached = reachesCoverage(coverage, least)
  if (reached === true) return ExitCode.done
  if (reached === false) {
    io.err(`coverage ${coverage.percent}% is below ${least}%: warren survey --unmanaged lists the unmanaged objects\n`)
    return ExitCode.changesPending
  }
  io.err('coverage is unknown, because warren could not read all objects that count: see Unknown in the survey\n')
  return ExitCode.unreachable
}
