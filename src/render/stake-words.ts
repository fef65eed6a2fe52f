import type { Stake } from '../plan/plan.ts'
import { countOf } from './count-of.ts'

/** `1,204 messages, 3 consumers and 1 binding that this project did not declare`. */
export function stakeWords({ messages = 0, consumers = 0, undeclaredBindings }: Stake): string {
  const parts = [
    ...(messages > 0 ? [countOf(messages, 'message')] : []),
    ...(consumers > 0 ? [countOf(consumers, 'consumer')] : []),
    ...(undeclaredBindings > 0 ? [`${countOf(undeclaredBindings, 'binding')} that this project did not declare`] : []),
  ]
  const last = parts.pop()
  if (last === undefined) return 'nothing that is known'
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}
