import { finding } from '../../../diagnostics/findings/finding.ts'
import type { ExpandContext } from '../expand-context.ts'
import { pcreProblem } from './pcre/pcre-problem.ts'

/** Reports a property of a section that is not a valid regular expression for any RabbitMQ. */
export function checkExpression<S extends object>(scope: ExpandContext, section: S, property: keyof S & string): void {
  const expression = section[property]
  if (typeof expression !== 'string') return
  const problem = pcreProblem(expression)
  if (problem === undefined) return
  scope.report(
    finding('expression-invalid', { property, expression, problem }, scope.locate(section, property, 'value')),
  )
}
