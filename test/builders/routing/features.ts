import type { Step } from '../../../src/insight/routing/exchange-network.ts'
import { isCertain } from '../../../src/insight/routing/reach.ts'
import type { Message, VhostModel } from '../../../src/insight/routing/vhost-model.ts'
import type { RoutingEvent } from '../../../src/insight/routing/simulation/simulation.ts'
import type { Published, RoutedTopology } from './topologies.ts'

/** Counts the routing rules that decide about random messages, so that a run shows what it has tested. */
export class FeatureCounts {
  readonly #counts = new Map<string, number>()

  add(features: readonly string[]): void {
    for (const each of new Set(features)) this.#counts.set(each, (this.#counts.get(each) ?? 0) + 1)
  }

  get names(): readonly string[] {
    return [...this.#counts.keys()].toSorted()
  }

  /** A line for each feature, with the number of messages that it decided about. */
  text(): string {
    return this.names.map((name) => `${String(this.#counts.get(name)).padStart(7)}  ${name}\n`).join('')
  }
}

/** The features that decide the route of a published message. */
export function featuresOfRoute(model: VhostModel, { exchange, message }: Published): readonly string[] {
  const steps: Step[] = []
  const reach = model.route(exchange, message, (step) => steps.push(step))
  const without = (...names: readonly string[]): Message => {
    const kept = Object.entries(message.headers ?? {}).filter(([name]) => !names.includes(name))
    return { ...message, headers: Object.fromEntries(kept) }
  }
  const isDecidedBy = (header: string) =>
    JSON.stringify(model.route(exchange, without(header)).queues) !== JSON.stringify(reach.queues)
  return [
    ...(exchange === '' ? ['the default exchange'] : []),
    ...steps.flatMap((step) => featuresOfStep(step)),
    ...(steps.length > 2 ? ['several exchanges'] : []),
    ...['CC', 'BCC'].filter((header) => isDecidedBy(header)),
    ...(reach.queues.length > 1 ? ['several queues'] : []),
    ...(isCertain(reach) && reach.queues.length === 0 ? ['unroutable'] : []),
  ]
}

function featuresOfStep({ exchange, matched, alternate, oneOfAlternates }: Step): readonly string[] {
  const byArgument = 'alternate-exchange' in exchange.arguments
  const matches = exchange.type === 'headers' ? matched.all.map((each) => each.arguments['x-match'] ?? 'none') : []
  return [
    `exchange type ${exchange.type}`,
    ...matches.map((each) => `x-match ${JSON.stringify(each)}`),
    ...(matched.oneOf === undefined ? [] : [`one of, by ${exchange.type}`]),
    ...(alternate === undefined ? [] : [`alternate exchange by ${byArgument ? 'argument' : 'policy'}`]),
    ...(oneOfAlternates === undefined ? [] : ['one of two policies for the alternate exchange']),
  ]
}

/** The features by which messages leave queues. */
export function featuresOfFate(
  model: VhostModel,
  topology: RoutedTopology,
  { message }: Published,
  events: readonly RoutingEvent<unknown>[],
): readonly string[] {
  const settings = (queue: string) => model.settings(queue)?.options[0]
  return [
    ...(message.expiration === undefined ? [] : ['a time to live of its own']),
    ...(message.priority === undefined ? [] : ['a priority']),
    ...(topology.policies.length > 0 ? ['a policy'] : []),
    ...(topology.operatorPolicies.length > 0 ? ['an operator policy'] : []),
    ...events.flatMap((event): string[] => {
      const where = 'queue' in event ? settings(event.queue) : undefined
      const { type = '', overflow = '' } = where ?? {}
      switch (event.kind) {
        case 'dead-lettered':
          return [`dead-lettered by a ${type} queue: ${event.reason}`]
        case 'refused':
          return [`refused by a ${type} queue: ${overflow}${where?.maxLength === undefined ? ', by bytes' : ''}`]
        case 'lost':
          return [`lost: ${event.because.kind}`]
        case 'held':
        case 'unroutable':
          return [event.kind]
        case 'arrived':
        case 'uncertain':
          return []
      }
    }),
  ]
}
