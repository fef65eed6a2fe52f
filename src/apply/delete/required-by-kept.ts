import { address } from '../../model/address.ts'
import { PolicyIndex } from '../../model/policies/policy-index.ts'
import type { DeleteChange } from '../../plan/change.ts'
import { subjectOf, vhostOf } from '../../plan/steps/subject.ts'
import { textIn } from '../../plan/compare/text-in.ts'

type PolicyDelete = Extract<DeleteChange, { kind: 'policy' | 'operator-policy' }>
type Sender = Extract<DeleteChange, { kind: 'queue' | 'exchange' }>

/**
 * The arguments by which a queue sends dead letters, and an exchange unroutable messages. Policies name them without
 * `x-`.
 */
const SENDS = {
  queue: { argument: 'x-dead-letter-exchange', policy: 'dead-letter-exchange' },
  exchange: { argument: 'alternate-exchange', policy: 'alternate-exchange' },
} as const

/**
 * Finds objects that were to be deleted but are required by kept objects: exchanges for their dead letters and
 * unroutable messages, their policies, the ends of a binding, their virtual host.
 *
 * @param left the objects that are kept
 * @param deletes all objects that were to be deleted
 * @returns a kept object that requires it, by address
 */
export function requiredByKept(
  left: readonly DeleteChange[],
  deletes: readonly DeleteChange[],
): ReadonlyMap<string, string> {
  const leaned = new Map<string, string>()
  const policies = new PolicyIndex(deletes.filter(isPolicy), ({ before }) => before)
  const exchanges = new Map(
    deletes.flatMap((each) => (each.kind === 'exchange' ? [[each.address, each] as const] : [])),
  )
  const lean = (on: string, who: string): boolean => {
    if (leaned.has(on)) return false
    leaned.set(on, who)
    return true
  }
  const send = (sender: Sender, who: string): void => {
    // A policy whose pattern cannot be evaluated may match.
    const holding = policies.matching({ kind: sender.kind, ...sender.before }).map(({ item }) => item)
    for (const policy of holding) lean(policy.address, who)
    const keys = SENDS[sender.kind]
    const names = [
      ...textIn(sender.before.arguments, keys.argument),
      ...holding.flatMap(({ before }) => textIn(before.definition, keys.policy)),
    ]
    for (const name of names) {
      const at = address('exchange', sender.before.vhost, name)
      const next = exchanges.get(at)
      if (lean(at, who) && next) send(next, who)
    }
  }
  for (const each of left) {
    const vhost = vhostOf(subjectOf(each))
    if (vhost !== undefined) lean(address('vhost', vhost), each.address)
    if (each.kind === 'queue' || each.kind === 'exchange') send(each, each.address)
    if (each.kind === 'binding') {
      const { source, destination, destinationType } = each.before
      lean(address('exchange', each.before.vhost, source), each.address)
      if (destinationType === 'exchange') lean(address('exchange', each.before.vhost, destination), each.address)
    }
  }
  return leaned
}

function isPolicy(change: DeleteChange): change is PolicyDelete {
  return change.kind === 'policy' || change.kind === 'operator-policy'
}
