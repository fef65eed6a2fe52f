import { finding } from '../../../diagnostics/findings/finding.ts'
import type { RelatedLocation } from '../../../diagnostics/location.ts'
import type { Location } from '../../../diagnostics/location.ts'
import { holdingQueueName, isLockName } from '../../../model/generated-names.ts'
import type { Declared, Exchange, Policy, Queue } from '../../../model/topology.ts'
import type { ExpandContext } from '../expand-context.ts'

/** The objects of a vhost by name, including derived ones. */
export interface NamedObjects {
  readonly queues: ReadonlyMap<string, Queue>
  readonly exchanges: ReadonlyMap<string, Exchange>
  /** The policies for queues with `deadLetter: { by: policy }`. */
  readonly policies: readonly Policy[]
}

/**
 * Reports names in the files that equal names that warren generates: those of locks, of queues that hold the messages
 * of a renamed queue, of policies, and of derived objects that a rename would delete.
 */
export function checkGeneratedNames(scope: ExpandContext, { queues, exchanges, policies }: NamedObjects): void {
  for (const queue of queues.values()) {
    reportLock(scope, queue)
    reportHoldingQueue(scope, queue, queues)
  }
  reportRenames(scope, 'queue', queues, scope.vhost.queues)
  reportRenames(scope, 'exchange', exchanges, scope.vhost.exchanges)
  for (const policy of policies) reportPolicy(scope, policy)
}

function reportLock({ report }: ExpandContext, { name, origin, renamedFrom }: Queue): void {
  for (const each of [name, renamedFrom]) {
    if (each !== undefined && isLockName(each)) report(finding('lock-name-taken', { name: each }, origin))
  }
}

/** A queue with a generated name holds the messages of a renamed queue, and is deleted at the end. */
function reportHoldingQueue(scope: ExpandContext, queue: Queue, queues: ReadonlyMap<string, Queue>): void {
  const { name, renamedFrom: from, external } = queue
  if (from === undefined || external) return
  const taken = queues.get(holdingQueueName(from))
  if (taken === undefined) return
  const args = { name: taken.name, from, to: name }
  scope.report(finding('holding-name-taken', args, placeOfRename(scope, queue, scope.vhost.queues), declaredAt(taken)))
}

/**
 * A renamed object must not exist under its old name as well, and may have only one new name. If the files contain both
 * names, `checkRenames` has already reported that.
 */
function reportRenames(
  scope: ExpandContext,
  kind: 'queue' | 'exchange',
  objects: ReadonlyMap<string, Queue | Exchange>,
  written: Readonly<Record<string, object>>,
): void {
  const isWritten = (name: string): boolean => Object.hasOwn(written, name)
  const first = new Map<string, Queue | Exchange>()
  for (const object of objects.values()) {
    const { renamedFrom: name } = object
    if (name === undefined) continue
    const at = placeOfRename(scope, object, written)
    const old = objects.get(name)
    if (old !== undefined && !(isWritten(name) && isWritten(object.name))) {
      scope.report(finding('renamed-from-itself', { kind, name }, at, declaredAt(old)))
    }
    const other = first.get(name)
    if (other === undefined) first.set(name, object)
    else if (!(isWritten(other.name) && isWritten(object.name))) {
      const related = [{ label: 'first', location: placeOfRename(scope, other, written) }]
      scope.report(finding('renamed-twice', { kind, name }, at, related))
    }
  }
}

function reportPolicy({ vhost, locate, report }: ExpandContext, { name, origin }: Policy): void {
  if (!Object.hasOwn(vhost.policies, name)) return
  const related = [{ label: 'declared', location: locate(vhost.policies, name) }]
  report(finding('derived-policy-taken', { name }, origin, related))
}

/** The position of a rename. For a derived object, it is that of the key that derives it. */
function placeOfRename(
  { locate }: ExpandContext,
  { name, origin }: Queue | Exchange,
  written: Readonly<Record<string, object>>,
): Location {
  const section = Object.hasOwn(written, name) ? written[name] : undefined
  return section && 'renamedFrom' in section ? locate(section, 'renamedFrom') : (origin ?? locate(written))
}

function declaredAt({ origin }: Declared): RelatedLocation[] {
  return origin ? [{ label: 'declared', location: origin }] : []
}
