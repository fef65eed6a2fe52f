import type { QueueSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Queue } from '../../../model/topology.ts'
import { argumentTable, argumentText } from './argument-table.ts'
import { checkQueueArguments } from '../checks/arguments.ts'
import { propertyArguments } from './queue-properties.ts'
import type { ExpandContext } from '../expand-context.ts'

const TYPE_ARGUMENT = 'x-queue-type'

/** A declared queue with its declaration. */
export interface DeclaredQueue {
  readonly queue: Queue
  readonly section: QueueSection
}

/** Makes the declared queues of a vhost, with explicit defaults, without the objects of `retry` and `deadLetter`. */
export function expandQueues(scope: ExpandContext): DeclaredQueue[] {
  return Object.entries(scope.vhost.queues).map(([name, section]) => ({
    queue: expandQueue(scope, name, section),
    section,
  }))
}

function expandQueue(scope: ExpandContext, name: string, section: QueueSection): Queue {
  const type = typeOf(scope, section)
  reportTransience(scope, section, type)
  checkQueueArguments(scope, section, type ?? scope.vhost.claim?.defaultQueueType)
  const { [TYPE_ARGUMENT]: _, ...written } = section.arguments ?? {}
  return {
    vhost: scope.vhost.name,
    name,
    ...(type !== undefined && { type }),
    durable: section.durable ?? true,
    autoDelete: section.autoDelete ?? false,
    arguments: argumentTable(written, propertyArguments(scope, section, type ?? scope.vhost.claim?.defaultQueueType)),
    origin: scope.locate(scope.vhost.queues, name),
    ...(section.external && { external: true }),
    ...(section.protect && { protect: true }),
    ...(section.renamedFrom !== undefined && { renamedFrom: section.renamedFrom }),
  }
}

/**
 * The type of a queue. Undefined for a queue with the default type of its vhost, so that it equals any type on the
 * broker. The objects of `retry` and `deadLetter` depend on the type, so their queue has the declared default.
 */
function typeOf(scope: ExpandContext, section: QueueSection): string | undefined {
  const written = section.arguments?.[TYPE_ARGUMENT]
  if (written !== undefined && section.type !== undefined) {
    scope.report(
      finding(
        'argument-twice',
        { property: 'type', argument: TYPE_ARGUMENT },
        scope.locate(section.arguments ?? section, TYPE_ARGUMENT),
        [{ label: 'type', location: scope.locate(section, 'type') }],
      ),
    )
  }
  if (section.type !== undefined) return section.type
  if (written !== undefined) return argumentText(written)
  if (!section.retry && !section.deadLetter) return undefined
  const byDefault = scope.vhost.claim?.defaultQueueType
  if (byDefault === undefined && !section.external) {
    const property = section.retry ? 'retry' : 'deadLetter'
    scope.report(finding('type-required', { property }, scope.locate(section, property)))
  }
  return byDefault
}

/** The broker refuses a quorum queue or stream that is not durable or is auto-delete. */
function reportTransience(scope: ExpandContext, section: QueueSection, type: string | undefined): void {
  if (type !== 'quorum' && type !== 'stream') return
  if (section.durable === false) {
    scope.report(finding('always-durable', { type }, scope.locate(section, 'durable')))
  }
  if (section.autoDelete === true) {
    scope.report(finding('never-auto-delete', { type }, scope.locate(section, 'autoDelete')))
  }
}
