import type { Binding, Exchange } from './topology.ts'

/**
 * How an exchange type distinguishes its bindings. If several bindings are equal in this respect, the broker lists
 * all of them and routes by one. When one of them is removed, it stops routing by any of them.
 */
export type SlotRule = 'destination' | 'destination-and-key'

/** A binding of an exchange that has one slot for all equal bindings. */
export interface SlotBinding {
  readonly rule: SlotRule
  readonly binding: Binding
}

/**
 * - `x-consistent-hash` keeps buckets for each destination: a second weight is ignored, and removing either binding
 *   removes all buckets (rabbit_exchange_type_consistent_hash; the same on 3.10, 4.0 and 4.3).
 * - `x-jms-topic` keeps one selector for each destination and routing key (rabbit_jms_topic_exchange; 3.10 and 4.0).
 */
const RULES: Readonly<Record<string, SlotRule>> = {
  'x-consistent-hash': 'destination',
  'x-jms-topic': 'destination-and-key',
}

/** The slot rule of an exchange, or undefined if it routes by each binding independently. */
export function slotRuleOf({ type, arguments: table }: Pick<Exchange, 'type' | 'arguments'>): SlotRule | undefined {
  return slotRuleOfType(type, table['x-delayed-type'])
}

/**
 * @param delayedType the argument `x-delayed-type`: a delayed exchange routes like the type that it names
 *   (rabbit_exchange_type_delayed_message)
 */
export function slotRuleOfType(type: string, delayedType?: unknown): SlotRule | undefined {
  const routesAs = type === 'x-delayed-message' && typeof delayedType === 'string' ? delayedType : type
  return Object.hasOwn(RULES, routesAs) ? RULES[routesAs] : undefined
}

/** Names the slot of a binding. */
export function slotOf(rule: SlotRule, binding: Binding): string {
  const { vhost, source, destinationType, destination, routingKey } = binding
  const key = rule === 'destination-and-key' ? [routingKey] : []
  return JSON.stringify([vhost, source, destinationType, destination, ...key])
}

/** Replaces bindings with the declared ones in the same slot, each once. */
export function withDeclaredSlots(bindings: readonly Binding[], declared: readonly SlotBinding[]): readonly Binding[] {
  if (declared.length === 0) return bindings
  const rules = new Set(declared.map(({ rule }) => rule))
  const bySlot = new Map(declared.map(({ rule, binding }) => [`${rule} ${slotOf(rule, binding)}`, binding]))
  const declaredFor = (each: Binding) =>
    [...rules].map((rule) => bySlot.get(`${rule} ${slotOf(rule, each)}`)).find((found) => found !== undefined)
  return [...new Set(bindings.map((each) => declaredFor(each) ?? each))]
}
