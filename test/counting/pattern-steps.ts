import { programOf, type Program } from './pattern-program.ts'

const programs = new Map<string, Program>()

/** The number of steps to find a pattern in a string, and the end of the match. */
export interface Search {
  readonly steps: number
  readonly end: number | undefined
}

/** Finds a pattern like a simple engine: at each position, it tries every alternative until one matches. */
export function searchFor(pattern: RegExp, text: string, from: number): Search {
  const key = String(pattern)
  const program = programs.get(key) ?? programOf(pattern)
  programs.set(key, program)
  // An engine knows that such a pattern cannot match at other positions.
  const isAtOnePlace = pattern.sticky || (pattern.source.startsWith('^') && !pattern.multiline)
  let steps = 0
  for (let start = from; start <= text.length; start += 1) {
    const tried = tryAt(program, text, start, pattern.unicode)
    steps += tried.steps
    if (tried.end !== undefined || isAtOnePlace) return { steps, end: tried.end }
  }
  return { steps, end: undefined }
}

interface State {
  readonly place: number
  readonly at: number
  /** The offsets at which groups begin and end. */
  readonly marks: readonly number[]
}

function tryAt(program: Program, text: string, start: number, isUnicode: boolean): Search {
  const waiting: State[] = [{ place: 0, at: start, marks: [] }]
  let steps = 0
  for (let state = waiting.pop(); state; state = waiting.pop()) {
    let { place, at, marks } = state
    for (;;) {
      steps += 1
      const instruction = program[place]
      if (instruction === undefined) return { steps, end: at }
      place += 1
      if (instruction.kind === 'take') {
        if (at >= text.length) break
        const character = isUnicode ? String.fromCodePoint(text.codePointAt(at) ?? 0) : (text[at] ?? '')
        if (!instruction.matches(character)) break
        at += character.length
      } else if (instruction.kind === 'fork') {
        const [first = 0, ...others] = instruction.places
        for (const other of others.toReversed()) waiting.push({ place: other, at, marks })
        place = first
      } else if (instruction.kind === 'check') {
        if (!instruction.holds(text, at)) break
      } else if (instruction.kind === 'look') {
        const seen = tryAt(instruction.program, text, at, isUnicode)
        steps += seen.steps
        if ((seen.end !== undefined) !== instruction.wanted) break
      } else if (instruction.kind === 'mark') {
        marks = Object.assign([...marks], { [instruction.slot]: at })
      } else {
        const group = text.slice(marks[2 * instruction.group], marks[2 * instruction.group + 1])
        steps += group.length
        if (!text.startsWith(group, at)) break
        at += group.length
      }
    }
  }
  return { steps, end: undefined }
}
