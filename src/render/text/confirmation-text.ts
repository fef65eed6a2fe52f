import { type OwnershipChanges, ownershipChanges } from '../../plan/ownership/ownership-changes.ts'
import type { Change } from '../../plan/change.ts'
import type { Plan } from '../../plan/plan.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { shortList } from '../short-list.ts'
import { showText } from '../words/show-value.ts'

/** Prints the question of an apply, below the objects that existed before or would be deleted or replaced. */
export function confirmationText(plan: Plan): string {
  const { changes, broker, mode, project, ownership } = plan
  const adopted = new Set(ownership.adopts)
  const existing = changes.filter(
    ({ action, address }) => action === 'update' && (ownership.state !== 'known' || adopted.has(address)),
  )
  const where = `${showText(broker.name)} at ${broker.url}`
  const records = changes.length === 0 ? `Record the ownership on ${where}` : undefined
  const question = mode.destroy
    ? `${records ?? `Delete ${countOf(changes.length, 'object')} of ${where}`}? Type the name of the project, ${showText(project)}, to confirm: `
    : `${records ?? `Apply ${countOf(changes.length, 'change')} to ${where}`}? Only "yes" confirms: `
  const owners = ownershipChanges(plan)
  return [
    ...ownershipLines(owners),
    ...section('These existed before and would change:', existing),
    ...section(
      'These would be deleted:',
      changes.filter(({ action }) => action === 'delete'),
    ),
    ...section(
      'These would be replaced:',
      changes.filter(({ action }) => action === 'replace' || action === 'rename'),
    ),
    question,
  ].join('\n')
}

function section(title: string, changes: readonly Change[]): string[] {
  return changes.length === 0 ? [] : [title, ...changes.map(({ address }) => `  ${address}`), '']
}

/** Lists the objects whose owner changes. */
function ownershipLines({ adopted, takenOver, released }: OwnershipChanges): string[] {
  return [
    ...named(`This project adopts ${countOf(adopted.length, 'existing object')}:`, adopted),
    ...takenOver.flatMap(({ from, addresses }) =>
      named(`This project takes over ${countOf(addresses.length, 'object')} from ${showText(from)}:`, addresses),
    ),
    ...named(`This project releases ${countOf(released.length, 'object')}:`, released),
  ]
}

function named(title: string, addresses: readonly string[]): string[] {
  return addresses.length === 0 ? [] : [title, ...shortList(addresses).map((each) => `  ${each}`), '']
}
