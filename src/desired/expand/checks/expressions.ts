import { parse } from 'oniguruma-parser/parser'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { ExpandContext } from '../expand-context.ts'
import { pcreMistake } from './pcre-mistakes.ts'

/**
 * What PCRE knows and neither JavaScript nor Oniguruma does, or both read in another way: literal text (`\\Q`), control characters, comments
 * in extended mode, verbs, and groups with options of PCRE's own.
 */
const OF_PCRE_ALONE = /\\[QEc]|\(\*|\(\?#|\(\?(?![:=!<>#imx-]|$)|\(\?[a-z-]*x/

/**
 * Says why no RabbitMQ takes a regular expression, or undefined where that is not certain.
 *
 * RabbitMQ compiles expressions with PCRE, PCRE2 from Erlang 28 on. An expression is only called wrong where both
 * JavaScript and Oniguruma, whose syntax is next to PCRE's, refuse it, and for some mistakes that one of them takes for
 * something else; about the rest the broker decides.
 */
export function expressionProblem(expression: string): string | undefined {
  if (OF_PCRE_ALONE.test(expression)) return undefined
  try {
    void new RegExp(expression)
  } catch {
    const problem = problemByOniguruma(expression)
    if (problem !== undefined) return problem
  }
  return pcreMistake(expression)
}

function problemByOniguruma(expression: string): string | undefined {
  try {
    parse(expression)
    return undefined
  } catch (error) {
    const message = error instanceof Error ? error.message : undefined
    return message === undefined || isOfOniguruma(message, expression) ? undefined : message
  }
}

/** Whether Oniguruma alone refuses it: a class within a class, a class as the end of a range, a repeated lookbehind. */
function isOfOniguruma(message: string, expression: string): boolean {
  if (/^(Unclosed character class|Invalid character class range)/.test(message)) return true
  return message.startsWith('Quantifier') && /\(\?<[=!]/.test(expression)
}

/** Reports a property of a section whose text is no regular expression. */
export function checkExpression<S extends object>(scope: ExpandContext, section: S, property: keyof S & string): void {
  const expression = section[property]
  if (typeof expression !== 'string') return
  const problem = expressionProblem(expression)
  if (problem === undefined) return
  scope.report(
    finding('expression-invalid', { property, expression, problem }, scope.locate(section, property, 'value')),
  )
}
