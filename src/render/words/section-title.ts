import type { Change } from '../../plan/change.ts'
import { subjectOf, vhostOf } from '../../plan/steps/subject.ts'
import { showText } from './show-value.ts'

/** The title of the section of a plan that a change belongs to: its virtual host, `users` or `broker`. */
export function sectionTitle(change: Change): string {
  const vhost = vhostOf(subjectOf(change))
  if (vhost !== undefined) return `vhost ${showText(vhost)}`
  return change.kind === 'user' ? 'users' : 'broker'
}
