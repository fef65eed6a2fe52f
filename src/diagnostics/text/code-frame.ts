import { displayOf } from './display-line.ts'
import type { Location } from '../location.ts'
import { secretRanges } from '../credentials/secret-ranges.ts'
import type { Range } from '../credentials/uri-credentials.ts'

/** The number of shown columns of a line; a longer line is cut around the position. */
const WIDTH = 100

/** A string prepared for frames. */
interface FramedText {
  readonly text: string
  readonly lines: readonly Range[]
  readonly secrets: readonly Range[]
}

let last: { given: string; framed: FramedText } | undefined

/**
 * The line at a location with its neighbors, line numbers, and a caret below the position. Tabs and wide characters
 * keep their columns, control characters are shown as `�`, long lines are cut, and secrets are masked.
 */
export function codeFrame(text: string, location: Location): string {
  const { text: source, lines, secrets } = framed(text)
  const first = Math.max(0, location.line - 2)
  // The text after the last line break counts as a line only if the location is there.
  const count = source.endsWith('\n') && location.line < lines.length ? lines.length - 1 : lines.length
  const shown = lines.slice(first, Math.min(location.line + 1, count))
  const gutter = String(first + shown.length).length
  const displays = shown.map((line) => displayOf(source, line, secrets, location.column))
  const target = displays[location.line - 1 - first]
  const line = lines[location.line - 1]
  if (!target || !line) return ''
  const from = target.columnOf(line.start + location.column - 1)
  const to = Math.max(from + 1, target.columnOf(line.start + location.column - 1 + (location.length ?? 1)))
  const cut = Math.max(0, Math.min(from - Math.floor(WIDTH / 2), target.width - WIDTH + 1))
  const caret = `${' '.repeat(from - cut + (cut > 0 ? 1 : 0))}${'^'.repeat(Math.max(1, Math.min(to, cut + WIDTH) - from))}`
  return displays
    .flatMap((display, index) => {
      const number = first + index + 1
      const marker = number === location.line ? '>' : ' '
      const row = `${marker} ${String(number).padStart(gutter)} | ${display.cut(cut, WIDTH)}`.trimEnd()
      return number === location.line ? [row, `  ${' '.repeat(gutter)} | ${caret}`] : [row]
    })
    .join('\n')
}

/** If a file has many findings, its text is processed only once. */
function framed(given: string): FramedText {
  if (last?.given === given) return last.framed
  const text = given.startsWith('\uFEFF') ? given.slice(1) : given
  const result = { text, lines: linesOf(text), secrets: secretRanges(text) }
  last = { given, framed: result }
  return result
}

function linesOf(text: string): Range[] {
  const lines: Range[] = []
  for (let start = 0; start <= text.length;) {
    const lineBreak = text.indexOf('\n', start)
    const end = lineBreak < 0 ? text.length : lineBreak
    lines.push({ start, end: text[end - 1] === '\r' && end > start ? end - 1 : end })
    start = end + 1
  }
  return lines
}
