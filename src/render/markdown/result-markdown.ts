import { type CommandResult, type RunResult, runTitle } from '../result/command-result.ts'
import { type Remark, runRemarks } from '../result/remark.ts'
import { runSummary } from '../result/result-summary.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import { formatLocation } from '../../diagnostics/location.ts'
import { planSurveyMarkdown } from '../survey/plan-survey.ts'
import { listedOnce } from '../survey/listed-once.ts'
import { type Detail, DETAILS, changesMarkdown } from './changes-markdown.ts'
import { markdownCode, markdownHint, markdownText } from './escape-markdown.ts'
import { runTable } from './run-table.ts'

/**
 * GitHub's limit for a comment in characters. It is applied to bytes, which are never fewer, so it suits all
 * services.
 */
export const MOST_BYTES = 65_536

/** The maximum number of errors and warnings of a run at each level of detail. */
const MOST_REMARKS: { readonly [D in Detail]: number } = { full: 500, properties: 200, objects: 50, summary: 10 }

/**
 * Renders a result as Markdown for a comment on a pull request or a job summary: a marker for finding the comment
 * again, the table of all runs, and for each run the summary, its blocks and its changes.
 *
 * A long result loses details in steps until it fits: changed values, names of properties, one line for each object,
 * and finally everything except the counts.
 *
 * @param maxBytes the maximum length of the text, in bytes of UTF-8
 */
export function resultMarkdown(result: CommandResult, maxBytes: number = MOST_BYTES): string {
  let text = ''
  for (const detail of DETAILS) {
    text = markdownOf(result, detail)
    if (Buffer.byteLength(text) <= maxBytes) return text
  }
  return shorten(text, maxBytes)
}

/**
 * The first line of a comment, by which a service finds its earlier comment and replaces it. It names the command and
 * the runs.
 */
export function commentMarker(result: CommandResult): string {
  const names = [...new Set(result.runs.map((run) => runTitle(result, run)))]
  // An HTML comment ends at the first "-->", and must not contain "--".
  const safe = names.map((name) =>
    encodeURIComponent(name).replaceAll('-', '%2D').replaceAll('%20', ' ').replaceAll('%2F', '/'),
  )
  return `<!-- warren ${result.command}: ${safe.slice(0, 20).join(', ')} -->`
}

function markdownOf(result: CommandResult, detail: Detail): string {
  const { runs, command } = result
  const [first] = runs
  const single = runs.length === 1 && first !== undefined
  const parts = [
    commentMarker(result),
    `## warren ${command}`,
    runTable(result),
    ...(result.digest === undefined ? [] : [`Digest ${markdownCode(result.digest)} of all runs`]),
    ...(single ? runParts(first, command, detail) : listedOnce(runs).flatMap((run) => section(result, run, detail))),
    ...(detail === 'full' ? [] : [SHORTENED[detail]]),
  ]
  return `${parts.join('\n\n')}\n`
}

const SHORTENED: { readonly [D in Exclude<Detail, 'full'>]: string } = {
  properties: '_Shortened: the changed values are left out. The text output of the run has them._',
  objects: '_Shortened: one line for each object. The text output of the run has all details._',
  summary: '_Shortened: only counts. The text output of the run lists all changes._',
}

/** One of several runs: one line that can be unfolded. */
function section(result: CommandResult, run: RunResult, detail: Detail): string[] {
  const title = markdownText(runTitle(result, run))
  const open = run.failure !== undefined || (run.plan?.blocks.length ?? 0) > 0 ? ' open' : ''
  return [
    `<details${open}><summary><b>${title}</b>: ${markdownText(runSummary(run, result.command))}</summary>`,
    ...runParts(run, result.command, detail),
    '</details>',
  ]
}

function runParts(run: RunResult, command: string, detail: Detail): string[] {
  const { plan } = run
  const remarks = runRemarks(run, command).filter(({ code }) => code !== 'drift')
  return [
    ...(plan === undefined ? [] : [brokerLine(run)]),
    `**${markdownText(runSummary(run, command))}**`,
    ...remarkList(
      'Errors',
      remarks.filter(({ severity }) => severity === 'error'),
      detail,
    ),
    ...remarkList(
      'Warnings',
      remarks.filter(({ severity }) => severity === 'warning'),
      detail,
    ),
    ...(plan === undefined ? [] : changesMarkdown(plan, detail)),
    ...(run.survey === undefined
      ? []
      : planSurveyMarkdown(run.survey, detail === 'summary' ? 0 : MOST_REMARKS[detail])),
    ...(plan === undefined || plan.digest === '' ? [] : [`Digest ${markdownCode(plan.digest)}`]),
  ]
}

/** The broker comes first, because the wrong broker is the most common accident. */
function brokerLine({ plan, environment }: RunResult): string {
  if (plan === undefined) return ''
  const { name, version, url } = plan.broker
  const broker = [name, url]
    .filter((part) => part !== '')
    .map(markdownCode)
    .join(' at ')
  return [
    ...(environment === undefined ? [] : [`Environment ${markdownCode(environment)}`]),
    `Broker ${broker} (RabbitMQ ${markdownText(version)})`,
    `Project ${markdownCode(plan.project)}`,
    ...(plan.mode.destroy ? ['**destroy**'] : plan.mode.prune ? ['with **prune**'] : []),
  ].join(' · ')
}

function remarkList(title: string, remarks: readonly Remark[], detail: Detail): string[] {
  if (remarks.length === 0) return []
  const shown = remarks.slice(0, MOST_REMARKS[detail])
  const more = remarks.length - shown.length
  return [
    [
      `**${title} (${withCommas(remarks.length)})**`,
      '',
      ...shown.map(remarkItem),
      ...(more > 0 ? [`- and ${withCommas(more)} more`] : []),
    ].join('\n'),
  ]
}

function remarkItem({ message, hint, location, code }: Remark): string {
  const place = location === undefined ? '' : ` ${markdownCode(formatLocation(location))}`
  const ways = hint === undefined ? [] : hint.split('\n').map((way) => `  - ${markdownHint(way)}`)
  return [`- ${markdownText(message)} (${markdownCode(code)})${place}`, ...ways].join('\n')
}

/** Removes whole lines, so that no markup is split; the table of the runs comes first, so it is kept. */
function shorten(text: string, maxBytes: number): string {
  const last = '\n_Shortened: the text of the run has the rest._\n'
  const kept: string[] = []
  let room = maxBytes - Buffer.byteLength(last)
  for (const line of text.split('\n')) {
    room -= Buffer.byteLength(line) + 1
    if (room < 0) break
    kept.push(line)
  }
  return `${kept.join('\n')}\n${last}`
}
