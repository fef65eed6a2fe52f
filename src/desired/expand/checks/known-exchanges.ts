import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Location } from '../../../diagnostics/location.ts'
import { type SlotRule, slotRuleOfType } from '../../../model/binding-slot.ts'
import { BUILT_IN_EXCHANGES } from '../../../model/built-in-exchange.ts'
import { failedExchangeName } from '../../../model/generated-names.ts'
import type { ExpandContext } from '../expand-context.ts'

/** An exchange that a declaration may refer to. */
export interface KnownExchange {
  readonly name: string
  /** Undefined for an external exchange without a declared type. */
  readonly type: string | undefined
  /** Clients cannot publish to it. */
  readonly internal: boolean
  /** Not declared by this project: external, or the broker's own. */
  readonly foreign: boolean
  /** Whether messages without a matching binding go to another exchange. */
  readonly hasAlternate: boolean
  /** The name of this exchange, if the declaration contains it as text. */
  readonly alternate?: string
  /** Present if the exchange routes by only one of several bindings that are equal in this respect. */
  readonly slotRule?: SlotRule
}

/** The name of the default exchange, to which every queue is bound by its own name. */
export const DEFAULT_EXCHANGE = ''

/** By name. */
export type KnownExchanges = ReadonlyMap<string, KnownExchange>

/** The broker's own exchanges, to which bindings may refer. */
const BUILT_IN: readonly KnownExchange[] = [...BUILT_IN_EXCHANGES]
  .filter(([name]) => name !== DEFAULT_EXCHANGE)
  .map(([name, { type, internal }]) => ({ name, type, internal, foreign: true, hasAlternate: false }))

/** The argument and policy key that names the exchange for unroutable messages. */
export const ALTERNATE = 'alternate-exchange'

/** Lists the exchanges that the declarations of a vhost may refer to: declared, derived, and the broker's own. */
export function knownExchanges({ vhost }: ExpandContext): KnownExchanges {
  const known = new Map(BUILT_IN.map((each) => [each.name, each]))
  for (const [queue, section] of Object.entries(vhost.queues)) {
    if (!section.retry && !section.deadLetter) continue
    const name = failedExchangeName(queue)
    known.set(name, { name, type: 'direct', internal: false, foreign: section.external ?? false, hasAlternate: false })
  }
  for (const name of Object.keys(vhost.superStreams)) {
    known.set(name, { name, type: 'direct', internal: false, foreign: false, hasAlternate: false })
  }
  for (const [name, section] of Object.entries(vhost.exchanges)) {
    const external = section.external ?? false
    const type = section.type ?? (external ? undefined : 'direct')
    const slotRule = type === undefined ? undefined : slotRuleOfType(type, section.arguments?.['x-delayed-type'])
    const alternate = section.alternateExchange ?? section.arguments?.[ALTERNATE]
    known.set(name, {
      name,
      type,
      internal: section.internal ?? false,
      foreign: external,
      hasAlternate: section.alternateExchange !== undefined || Object.hasOwn(section.arguments ?? {}, ALTERNATE),
      ...(typeof alternate === 'string' && { alternate }),
      ...(slotRule && { slotRule }),
    })
  }
  return known
}

/**
 * Finds the exchange that a declaration refers to. Reports an exchange that does not exist, and the default exchange,
 * which can be neither bound nor used as an alternate exchange here.
 */
export function referToExchange(
  scope: ExpandContext,
  known: KnownExchanges,
  name: string,
  at: () => Location,
): KnownExchange | undefined {
  const exchange = known.get(name)
  if (exchange) return exchange
  if (name === DEFAULT_EXCHANGE) {
    scope.report(finding('default-exchange', {}, at()))
    return undefined
  }
  const args = { exchange: name, vhost: scope.vhost.name, ...scope.suggest('exchange', name, known.keys()) }
  scope.report(finding('unknown-exchange', args, at()))
  return undefined
}
