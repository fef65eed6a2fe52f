import type { Range } from '../credentials/uri-credentials.ts'

const MASK = '(secret)'
const TAB = '  '
// Control characters would affect the terminal, and direction marks reorder the text.
const UNSHOWN = /[\p{Cc}\p{Cs}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u
const ZERO_WIDTH = /\p{Mn}|\p{Me}|[\u200B-\u200D]/u
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u

/** One character as shown, or a masked secret. */
interface Cell {
  /** Its offset in the source. */
  readonly offset: number
  readonly shown: string
  /** The column where it begins, from 0. */
  readonly column: number
  readonly width: number
}

/** A line in the form for a terminal. */
export interface DisplayedLine {
  readonly width: number
  /** The column of a position in the source. */
  columnOf(offset: number): number
  /** At most `width` columns from `from` on. `…` replaces the rest. */
  cut(from: number, width: number): string
}

// A file may be a single line of megabytes. Only this number of characters on either side of a position is processed.
const REACH = 1_000

/** Lays out `line` of `text` around the offset `near` in the line. */
export function displayOf(text: string, line: Range, secrets: readonly Range[], near: number): DisplayedLine {
  const start = line.start + Math.min(Math.max(0, near - REACH), line.end - line.start)
  const cells = cellsOf(text, { start, end: Math.min(line.end, start + 2 * REACH) }, secrets, start - line.start)
  const end = cells.at(-1)
  const width = end ? end.column + end.width : 0
  return {
    width,
    columnOf: (offset) => cells.findLast((each) => each.offset <= offset && offset < line.end)?.column ?? width,
    cut: (from, columns) => {
      const inside = cells.filter((each) => each.column >= from && each.column + each.width <= from + columns)
      const cutAway = from + columns < width
      return `${from > 0 ? '…' : ''}${inside.map(({ shown }) => shown).join('')}${cutAway ? '…' : ''}`
    },
  }
}

function cellsOf(text: string, line: Range, secrets: readonly Range[], firstColumn: number): Cell[] {
  const cells: Cell[] = []
  const inLine = secrets.filter((each) => each.start < line.end && each.end > line.start)
  let column = firstColumn
  let offset = line.start
  const add = (shown: string, width: number): void => {
    cells.push({ offset, shown, column, width })
    column += width
  }
  while (offset < line.end) {
    const secret = inLine.find((each) => each.start <= offset && offset < each.end)
    if (secret) {
      // The indentation of a secret's further lines is not masked.
      const blank = offset === line.start ? /^ */.exec(text.slice(offset, line.end))?.[0] : undefined
      if (blank) add(blank, blank.length)
      offset += blank?.length ?? 0
      if (offset < line.end) add(MASK, MASK.length)
      offset = Math.min(secret.end, line.end)
      continue
    }
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0)
    if (character === '\t') add(TAB, TAB.length)
    else if (UNSHOWN.test(character)) add('\uFFFD', 1)
    else add(character, ZERO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1)
    offset += character.length
  }
  return cells
}
