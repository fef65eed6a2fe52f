import type { Change, Plan } from '../plan/plan.ts'
import { countOf } from './count-of.ts'
import { showText } from './show-value.ts'

/** What is repeated above the question of an apply: what would be lost or was there before, so that a person looks. */
export function confirmationText({ changes, broker, mode, project, ownership }: Plan): string {
  const adopted = new Set(ownership.adopts)
  const existing = changes.filter(
    ({ action, address }) => action === 'update' && (ownership.state !== 'known' || adopted.has(address)),
  )
  const question = mode.destroy
    ? `Delete ${countOf(changes.length, 'object')} of ${showText(broker.name)} at ${broker.url}? Only the project's name, ${showText(project)}, does it: `
    : `Apply ${countOf(changes.length, 'change')} to ${showText(broker.name)} at ${broker.url}? Only "yes" does it: `
  return [
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
