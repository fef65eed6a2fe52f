import { parse } from 'oniguruma-parser/parser'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Scope } from '../scope.ts'

/**
 * What PCRE knows and neither JavaScript nor Oniguruma does, or both read in another way: literal text (`\\Q`), comments
 * in extended mode, verbs, and groups with options of PCRE's own.
 */
const OF_PCRE_ALONE = /\\Q|\(\*|\(\?(?![:=!<>#imx-])|\(\?[a-z-]*x/

/**
 * Says why no RabbitMQ takes a regular expression, or undefined where that is not certain.
 *
 * RabbitMQ compiles expressions with PCRE, PCRE2 from Erlang 28 on. An expression is only called wrong where both
 * JavaScript and Oniguruma, whose syntax is next to PCRE's, refuse it; about the rest the broker decides.
 */
export function expressionProblem(expression: string): string | undefined {
  if (OF_PCRE_ALONE.test(expression)) return undefined
  try {
    void new RegExp(expression)
    return undefined
  } catch {
    return problemByOniguruma(expression)
  }
}

function problemByOniguruma(expression: string): string | undefined {
  try {
    parse(expression)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : undefined
  }
}

/** Reports a property of a section whose text is no regular expression. */
export function checkExpression<S extends object>(scope: Scope, section: S, property: keyof S & string): void {
  const expression = section[property]
  if (typeof expression !== 'string') return
  const problem = expressionProblem(expression)
  if (problem === undefined) return
  scope.report(
    finding('expression-invalid', { property, expression, problem }, scope.locate(section, property, 'value')),
  )
}
