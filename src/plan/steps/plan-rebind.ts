import { address, addressOf, canonicalJson } from '../../model/address.ts'
import type { Arguments } from '../../model/arguments.ts'
import type { Binding } from '../../model/topology.ts'
import type { PlanContext } from '../plan-context.ts'
import type { Block } from '../block.ts'
import type { Difference, RebindChange, RebindGap } from '../change.ts'
import type { Step } from './step.ts'

/**
 * Plans the binding of an exchange that keeps one slot for a destination, such as its weight in `x-consistent-hash`.
 * Binding before unbinding does not work there: the broker ignores the new binding while the old one exists, and
 * removing the old one then empties the slot.
 *
 * @returns undefined if it is planned like any other binding
 */
export function planRebind(context: PlanContext, at: string, desired: Binding): Step | undefined {
  const { slots } = context
  const rule = slots.ruleOf(desired)
  if (rule === undefined) return undefined
  const other = slots.otherDeclared(rule, desired)
  if (other !== undefined)
    return { address: at, blocks: [{ reason: 'slot-taken', address: at, by: addressOf('binding', other) }] }
  const unbinds = slots.liveIn(rule, desired)
  const isNamed = isRebound(context, at, desired)
  const others = unbinds.filter((each) => addressOf('binding', each) !== at)
  const before = others[0] ?? unbinds[0]
  if (before === undefined || (others.length === 0 && !isNamed)) return undefined
  const change: RebindChange = {
    action: 'replace',
    kind: 'binding',
    address: at,
    before,
    after: desired,
    differences: differencesOf(before, desired),
    how: 'rebind',
    rule,
    unbinds,
    gap: gapOf(context, desired, unbinds),
  }
  return { address: at, change, blocks: blocksOf(context, change, isNamed) }
}

/**
 * Addresses in `--rebind` that name neither a declared binding with a slot nor the exchange of one: with a misspelled
 * address, a damaged exchange would stay damaged.
 */
export function unmatchedRebinds({ mode, desired, slots }: PlanContext): Block[] {
  const known = new Set(
    desired.bindings.flatMap((binding) =>
      slots.ruleOf(binding) === undefined ? [] : [addressOf('binding', binding), sourceOf(binding)],
    ),
  )
  return [...mode.rebind].filter((at) => !known.has(at)).map((at) => ({ reason: 'not-rebindable', address: at }))
}

function isRebound({ mode }: PlanContext, at: string, binding: Binding): boolean {
  return mode.rebind.has(at) || mode.rebind.has(sourceOf(binding))
}

function sourceOf({ vhost, source }: Binding): string {
  return address('exchange', vhost, source)
}

function differencesOf(before: Binding, after: Binding): Difference[] {
  const names = [...new Set([...Object.keys(before.arguments), ...Object.keys(after.arguments)])].toSorted()
  return [
    ...(before.routingKey === after.routingKey
      ? []
      : [{ property: 'routingKey', before: before.routingKey, after: after.routingKey }]),
    ...names.flatMap((name) => differenceIn(name, before.arguments, after.arguments)),
  ]
}

function differenceIn(name: string, before: Arguments, after: Arguments): Difference[] {
  const [old, next] = [before[name], after[name]]
  if (canonicalJson(old ?? null) === canonicalJson(next ?? null)) return []
  return [
    {
      property: `arguments.${name}`,
      ...(old !== undefined && { before: old }),
      ...(next !== undefined && { after: next }),
    },
  ]
}

/** The route of messages while the slot is empty. */
function gapOf(context: PlanContext, binding: Binding, unbinds: readonly Binding[]): RebindGap {
  const others = otherBindings(context, binding, unbinds)
  // A hash exchange distributes its messages among its bindings. Other exchanges send a copy to every match.
  if (others.length > 0 && context.slots.ruleOf(binding) === 'destination') return 'other-destinations'
  const exchange = context.liveIndex.get('exchange', sourceOf(binding))
  return exchange?.arguments['alternate-exchange'] === undefined ? 'unroutable' : 'alternate-exchange'
}

function otherBindings(context: PlanContext, binding: Binding, unbinds: readonly Binding[]): readonly Binding[] {
  const unbound = new Set(unbinds)
  return context.bindingsOf(sourceOf(binding)).filter((each) => each.source === binding.source && !unbound.has(each))
}

function blocksOf(context: PlanContext, change: RebindChange, isNamed: boolean): Block[] {
  const { after, unbinds } = change
  const source = sourceOf(after)
  const isLast = otherBindings(context, after, unbinds).length === 0
  const isReplaced = context.live.replaced?.has(source) === true
  const deletesExchange = context.liveIndex.get('exchange', source)?.autoDelete === true && isLast && !isReplaced
  return [
    ...unbinds.flatMap((each) => blocksOfOld(context, addressOf('binding', each), isNamed)),
    ...(deletesExchange
      ? ([{ reason: 'rebind-deletes-exchange', address: change.address, exchange: source }] as const)
      : []),
  ]
}

function blocksOfOld(context: PlanContext, old: string, isNamed: boolean): Block[] {
  const project = context.foreignOwnerOf(old)
  if (project !== undefined) return [{ reason: 'foreign-owner', address: old, project }]
  if (context.own?.isProtected(old) && !context.desiredIndex.has('binding', old))
    return [{ reason: 'protected', address: old, action: 'replace' }]
  const unowned = context.ownership !== undefined && context.stateOf(old) === undefined
  // A declared and equal binding needs no decision. An undeclared one without an owner does.
  if (!unowned || context.desiredIndex.has('binding', old) || context.mode.adopt || isNamed) return []
  return [{ reason: 'not-owned', address: old }]
}
