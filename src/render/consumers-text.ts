import type { ConsumingClient, Plan, QueueConsumers } from '../plan/plan.ts'
import { countOf } from './words/count-of.ts'
import { showText } from './words/show-value.ts'
import type { Style } from './words/style.ts'

/** How many clients of a queue are named; `--format json` names all. */
const MOST_NAMED = 10

/** Whose programs have to declare a queue as it will be, or are refused. */
export function consumersText({ consumers = [] }: Plan, style: Style): string[] {
  if (consumers.length === 0) return []
  return [
    [
      `${style.strong('Consumers')} of queues that are replaced: a program that declares one as it is now is refused afterwards`,
      ...consumers.flatMap(queueText),
    ].join('\n'),
  ]
}

function queueText({ address, clients, unknown }: QueueConsumers): string[] {
  const more = clients.length - MOST_NAMED
  return [
    `  ${address}`,
    ...clients.slice(0, MOST_NAMED).map((each) => `      ${clientText(each)}`),
    ...(more > 0 ? [`      and ${countOf(more, 'other connection')}`] : []),
    ...(unknown > 0
      ? [`      ${unknown} unknown: too new, or the login has no tag monitoring, and does not see them`]
      : []),
  ]
}

function clientText({ user, product, name, peer, consumers }: ConsumingClient): string {
  const shown = (text: string | undefined) => (text === undefined ? 'unknown' : showText(text))
  const called = name === undefined ? '' : ` ${showText(name)}`
  const count = consumers > 1 ? `, ${countOf(consumers, 'consumer')}` : ''
  return `user ${shown(user)}, client ${shown(product)}${called}, from ${shown(peer)}${count}`
}
