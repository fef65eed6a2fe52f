import { onOneLine } from '../../diagnostics/text/shown-text.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { durationLabel } from '../../model/values/duration.ts'
import type { LeftOut } from './export-input.ts'
import type { Exported } from './export-topology.ts'

/** The contents of a report in addition to what was exported. */
export interface ReportFacts {
  /** The source of the objects, as the end of a sentence. */
  readonly source: string
  /** The result of the verification, on one line. */
  readonly verification: string
  /** Parts that could not be read, one sentence each. */
  readonly unknown: readonly string[]
  /** Possible mistakes, one sentence each. */
  readonly suspicious: readonly string[]
  /** The messages and consumers of queues at the time of the export, by address. */
  readonly momentary: readonly string[]
}

/** Writes `EXPORT.md`: what was left out and why, what was folded, and facts that may change at any time. */
export function exportReport(exported: Exported, facts: ReportFacts): string {
  const { leftOut, folded, foreignDelays, secrets, hashes } = exported
  return [
    `# Export of ${text(facts.source)}`,
    '',
    text(facts.verification),
    '',
    ...projectLines(exported),
    ...section('Left out', 'No file declares these objects, so warren never touches them.', leftOutLines(leftOut)),
    ...section(
      'Not read',
      'The export could not read these. They may exist nevertheless.',
      facts.unknown.map((each) => `- ${text(each)}`),
    ),
    ...section(
      'Short forms',
      'These are written as `retry`, `deadLetter` and `superStreams`, which declare the same objects. The broker does not show in which order programs use the delays of a ladder, so they are in ascending order.',
      folded.map((each) => `- ${code(each)}`),
    ),
    ...section(
      'Ladders that are not changed',
      'Messages wait in these queues and return by themselves. To let the runtime of warren use one, declare `retry: { delays: [{ delay: 30s, queue: NAME }], via: { exchange, routingKey } }` and `deadLetter` on the queue that gets the messages back: a plan shows what that adds. The programs have to stop publishing to the delay queue themselves.',
      foreignDelays.map(({ address, delay, targets }) => {
        return `- ${code(address)}: ${durationLabel(delay)}, back to ${targets.map(code).join(', ')}`
      }),
    ),
    ...section(
      'Possible mistakes',
      undefined,
      facts.suspicious.map((each) => `- ${text(each)}`),
    ),
    ...section(
      'Secrets',
      hashes.length > 0
        ? 'The files refer to variables instead of these.'
        : 'The files refer to variables instead of these. Users have no password in the files, so warren leaves theirs alone.',
      [...secrets, ...hashes].map(({ name, comment }) => `- ${code(name)}: ${text(comment)}`),
    ),
    ...section(
      'State at the time of the export',
      undefined,
      facts.momentary.map((each) => `- ${text(each)}`),
    ),
  ]
    .join('\n')
    .replace(/\n+$/, '\n')
}

function projectLines({ documents }: Exported): string[] {
  const paths = new Map<string, string[]>()
  for (const { project, path } of documents) paths.set(project, [...(paths.get(project) ?? []), path])
  const rows = [...paths]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([project, files]) => `- ${code(project)}: ${files.map(code).join(', ')}`)
  return section('Projects', undefined, rows)
}

/** Groups objects by reason, because thousands may have the same reason. */
function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const byReason = new Map<string, string[]>()
  for (const { address, reason } of leftOut) byReason.set(reason, [...(byReason.get(reason) ?? []), address])
  return [...byReason]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([reason, addresses]) => [
      `- ${text(reason)} (${countOf(addresses.length, 'object')})`,
      ...addresses.map((each) => `  - ${code(each)}`),
    ])
}

function section(title: string, introduction: string | undefined, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  return [`## ${title}`, '', ...(introduction === undefined ? [] : [introduction, '']), ...lines, '']
}

function text(value: string): string {
  return onOneLine(value).replace(/[\\`*_<>[\]#|]/g, (each) => `\\${each}`)
}

/** A name may contain backticks, so the fence has to be longer. */
function code(value: string): string {
  const longest = Math.max(0, ...(value.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  const space = longest > 0 ? ' ' : ''
  return `${fence}${space}${onOneLine(value)}${space}${fence}`
}
