/** A step of a pattern that is matched by backtracking, as in JavaScript engines. */
export type Instruction =
  /** Consumes one character. */
  | { readonly kind: 'take'; readonly matches: (character: string) => boolean }
  /** Consumes the text that a group has matched. */
  | { readonly kind: 'repeat'; readonly group: number }
  /** Continues at each of these places, in order. */
  | { readonly kind: 'fork'; places: readonly number[] }
  /** Continues only if this condition holds. */
  | { readonly kind: 'check'; readonly holds: (text: string, at: number) => boolean }
  /** Continues only if the following text matches, or does not match. */
  | { readonly kind: 'look'; readonly program: Program; readonly wanted: boolean }
  /** A group begins (an even slot) or ends here. */
  | { readonly kind: 'mark'; readonly slot: number }

export type Program = readonly Instruction[]
type Write = (program: Instruction[]) => void

/** The program of a pattern. It supports the patterns of warren, with lookbehinds of only one character. */
export function programOf({ source, flags }: RegExp): Program {
  const own = flags.replaceAll(/[dgy]/g, '')
  let at = 0
  let groups = 0

  const one = (part: string): ((character: string) => boolean) => {
    const pattern = new RegExp(`^(?:${part})$`, own.replace('m', ''))
    const known = new Map<string, boolean>()
    return (character) => {
      const answer = known.get(character) ?? pattern.test(character)
      known.set(character, answer)
      return answer
    }
  }
  const isWord = one('\\w')
  const isBoundary = (text: string, place: number): boolean =>
    isWord(text[place - 1] ?? '') !== isWord(text[place] ?? '')
  const isLine = flags.includes('m')

  const eat = (...starts: readonly string[]): string | undefined => {
    const found = starts.find((each) => source.startsWith(each, at))
    at += found?.length ?? 0
    return found
  }
  const eatBy = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0] ?? ''
    at += found.length
    return found
  }
  const written = (write: Write): Program => {
    const program: Instruction[] = []
    write(program)
    return program
  }

  function alternatives(): Write {
    const branches = [sequence()]
    while (eat('|')) branches.push(sequence())
    const [first, ...rest] = branches
    if (first === undefined || rest.length === 0) return first ?? (() => undefined)
    return (program) => {
      const fork = { kind: 'fork' as const, places: [] as number[] }
      program.push(fork)
      const ends = branches.map((branch) => {
        fork.places.push(program.length)
        branch(program)
        const end = { kind: 'fork' as const, places: [] as readonly number[] }
        program.push(end)
        return end
      })
      for (const end of ends) end.places = [program.length]
    }
  }

  function sequence(): Write {
    const terms: Write[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') terms.push(quantified(term()))
    return (program) => terms.forEach((write) => write(program))
  }

  function term(): Write {
    if (eat('^')) return check((text, place) => place === 0 || (isLine && text[place - 1] === '\n'))
    if (eat('$')) return check((text, place) => place === text.length || (isLine && text[place] === '\n'))
    if (eat('\\b')) return check(isBoundary)
    if (eat('\\B')) return check((text, place) => !isBoundary(text, place))
    const behind = eat('(?<=', '(?<!')
    if (behind) {
      const matches = one(eatBy(CHARACTER))
      if (!eat(')')) throw new Error(`a lookbehind of several characters in ${source}`)
      return check((text, place) => (place > 0 && matches(text[place - 1] ?? '')) === (behind === '(?<='))
    }
    const ahead = eat('(?=', '(?!')
    if (ahead) {
      const program = written(inParentheses())
      return (into) => into.push({ kind: 'look', program, wanted: ahead === '(?=' })
    }
    if (eat('(?:')) return inParentheses()
    if (eat('(')) {
      eatBy(/\?<\w+>/y)
      const group = (groups += 1)
      const inside = inParentheses()
      return (program) => {
        program.push({ kind: 'mark', slot: 2 * group })
        inside(program)
        program.push({ kind: 'mark', slot: 2 * group + 1 })
      }
    }
    const reference = eatBy(/\\[1-9]/y)
    if (reference) return (program) => program.push({ kind: 'repeat', group: Number(reference.slice(1)) })
    const matches = one(eatBy(CHARACTER))
    return (program) => program.push({ kind: 'take', matches })
  }

  function inParentheses(): Write {
    const inside = alternatives()
    at += 1
    return inside
  }

  function quantified(write: Write): Write {
    const quantifier = /^([*+?]|\{(\d+)(,?)(\d*)\})(\??)/.exec(source.slice(at))
    if (!quantifier) return write
    const [whole, sign = '', few = '', comma = '', many = '', lazy = ''] = quantifier
    at += whole.length
    const least = few === '' ? Number(sign === '+') : Number(few)
    const most = few === '' ? (sign === '?' ? 1 : Infinity) : many !== '' ? Number(many) : comma ? Infinity : least
    const order = (inside: number, after: number): number[] => (lazy ? [after, inside] : [inside, after])
    return (program) => {
      for (let times = 0; times < least; times += 1) write(program)
      const forks: [Extract<Instruction, { kind: 'fork' }>, number][] = []
      const optional = (): void => {
        const fork = { kind: 'fork' as const, places: [] }
        program.push(fork)
        forks.push([fork, program.length])
        write(program)
      }
      const start = program.length
      if (most === Infinity) {
        optional()
        program.push({ kind: 'fork', places: [start] })
      } else for (let times = least; times < most; times += 1) optional()
      for (const [fork, inside] of forks) fork.places = order(inside, program.length)
    }
  }

  return written(alternatives())
}

function check(holds: (text: string, at: number) => boolean): Write {
  return (program) => program.push({ kind: 'check', holds })
}

/** A class, an escape, or a literal character. */
const CHARACTER =
  /\[(?:[^\]\\]|\\[^])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|[^])|[^]/uy
