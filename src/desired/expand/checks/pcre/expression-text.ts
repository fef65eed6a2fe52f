/** Why every version of PCRE that RabbitMQ uses refuses an expression. */
export class Refused extends Error {}

/**
 * Thrown if the versions of PCRE differ, or if the syntax is too complex for this check: then only the broker knows.
 */
export class Undecided extends Error {}

/** The bytes of an expression, each as a character: the broker compiles them without Unicode mode. */
export class ExpressionText {
  readonly text: string
  at = 0

  constructor(expression: string) {
    this.text = Buffer.from(expression, 'utf8').toString('latin1')
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  /** The next characters, without taking them. */
  peek(length = 1): string {
    return this.text.slice(this.at, this.at + length)
  }

  /** Takes what a sticky pattern matches here; undefined if it does not match. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (!found) return undefined
    this.at += found[0].length
    return found
  }

  /** Takes a string if it comes next. */
  skip(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  /** Takes everything up to and including a string; undefined if the text does not follow. */
  takeUntil(end: string): string | undefined {
    const found = this.text.indexOf(end, this.at)
    if (found < 0) return undefined
    const taken = this.text.slice(this.at, found)
    this.at = found + end.length
    return taken
  }

  /** Takes everything up to the end. */
  takeRest(): string {
    const rest = this.text.slice(this.at)
    this.at = this.text.length
    return rest
  }
}
