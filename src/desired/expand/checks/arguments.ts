import type { QueueSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { argumentProblem } from '../../../model/broker-tables/argument-problem.ts'
import { QUEUE_TYPES } from '../../../model/broker-tables/queue-arguments.ts'
import { describeRule } from '../../../model/broker-tables/value-rule.ts'
import { argumentText } from '../objects/argument-table.ts'
import type { ExpandContext } from '../expand-context.ts'

const TYPE = 'x-queue-type'

/** Reports arguments of a queue that no version of RabbitMQ accepts, or that have no effect in any. */
export function checkQueueArguments(scope: ExpandContext, section: QueueSection, type: string | undefined): void {
  const table = section.arguments
  if (table === undefined || section.external === true) return
  for (const [name, value] of Object.entries(table)) {
    const location = () => scope.locate(table, name, 'value')
    if (name === TYPE) {
      if (isMistakenType(scope, value)) {
        scope.report(finding('queue-type-unknown', { type: argumentText(value) }, location()))
      }
      continue
    }
    // deadLetter and retry add these arguments, so an argument in the file is reported as a duplicate.
    if ((section.deadLetter || section.retry) && name.startsWith('x-dead-letter-')) continue
    const problem = argumentProblem(type, name, table)
    switch (problem?.kind) {
      case 'value': {
        const args = { what: name, value: argumentText(value), expected: describeRule(problem.expected) }
        scope.report(finding('value-refused', { ...args, isText: typeof value === 'string' }, location()))
        break
      }
      case 'type':
        scope.report(
          finding(
            'property-not-of-type',
            { property: name, type: type ?? 'plain', types: problem.types },
            scope.locate(table, name),
          ),
        )
        break
      case 'needs':
        scope.report(finding('argument-needs', { argument: name, needs: problem.argument }, scope.locate(table, name)))
        break
      case undefined:
        break
    }
  }
}

/**
 * Whether a string is probably a misspelled type that every RabbitMQ supports. Plugins add types with other names, which
 * only the broker knows.
 */
function isMistakenType(scope: ExpandContext, type: unknown): boolean {
  if (QUEUE_TYPES.some((each) => each === type)) return false
  if (typeof type !== 'string' || type === '' || type === 'lazy' || /classic|quorum|stream/i.test(type)) return true
  return scope.suggest('queue type', type, QUEUE_TYPES).suggestion !== undefined
}
