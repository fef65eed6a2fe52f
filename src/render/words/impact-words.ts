import type { Impact, AffectedObject } from '../../plan/change.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { showText } from './show-value.ts'

/** `1,204 messages, 3 consumers and 1 binding that this project did not declare`. */
export function impactWords({ messages = 0, consumers = 0, undeclaredBindings }: Impact): string {
  const parts = [
    ...(messages > 0 ? [countOf(messages, 'message')] : []),
    ...(consumers > 0 ? [countOf(consumers, 'consumer')] : []),
    ...(undeclaredBindings > 0 ? [`${countOf(undeclaredBindings, 'binding')} that this project did not declare`] : []),
  ]
  const last = parts.pop()
  if (last === undefined) return 'nothing that is known'
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}

/** The maximum number of addresses that are named. */
const MOST_NAMED = 3

/** Names the objects that the broker deletes together with an object, with one line for each owner. */
export function cascadeWords({ cascades = [] }: Pick<Impact, 'cascades'>): string[] {
  const groups = new Map<string, AffectedObject[]>()
  for (const each of cascades) groups.set(ownerWords(each), [...(groups.get(ownerWords(each)) ?? []), each])
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? 1 : a > b ? -1 : 0))
    .map(([owner, objects]) => {
      const few = objects.slice(0, MOST_NAMED).map(({ address }) => address)
      const more = objects.length > MOST_NAMED ? ', …' : ''
      return `${countOf(objects.length, 'object')} ${owner} (${few.join(', ')}${more})`
    })
}

/** Names other senders of messages to an object, on one line. */
export function senderWords({ senders: all = [] }: Pick<Impact, 'senders'>): string[] {
  const senders = all.filter(({ own }) => own !== true)
  if (senders.length === 0) return []
  const few = senders.slice(0, MOST_NAMED).map(({ address }) => address)
  return [`${few.join(', ')}${senders.length > MOST_NAMED ? ', …' : ''} would send messages to nothing`]
}

function ownerWords({ project, own }: AffectedObject): string {
  if (own) return 'of this project that the plan leaves out'
  return project === undefined ? 'that the project does not own' : `of project ${showText(project)}`
}
