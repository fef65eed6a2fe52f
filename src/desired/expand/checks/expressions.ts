import { parse } from 'oniguruma-parser/parser'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { ExpandContext } from '../expand-context.ts'
import { pcreMistake } from './pcre-mistakes.ts'

/**
 * Syntax that only PCRE knows, or that both JavaScript and Oniguruma read differently: literal text (`\\Q`), control
 * characters, comments in extended mode, verbs, and groups with PCRE's own options.
 */
const OF_PCRE_ALONE = /\\[QEc]|\(\*|\(\?#|\(\?(?![:=!<>#imx-]|$)|\(\?[a-z-]*x/

/**
 * Says why every RabbitMQ refuses a regular expression, or undefined if that is not certain.
 *
 * RabbitMQ compiles expressions with PCRE, and PCRE2 from Erlang 28 on. An expression is reported only if both
 * JavaScript and Oniguruma, whose syntax is nearest to PCRE's, refuse it, or if it has one of some known mistakes. The
 * broker decides about the rest.
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

/** Reports a property of a section that is not a valid regular expression. */
export function checkExpression<S extends object>(scope: ExpandContext, section: S, property: keyof S & string): void {
  const expression = section[property]
  if (typeof expression !== 'string') return
  const problem = expressionProblem(expression)
  if (problem === undefined) return
  scope.report(
    finding('expression-invalid', { property, expression, problem }, scope.locate(section, property, 'value')),
  )
}
