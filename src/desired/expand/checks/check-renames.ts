import type { ExchangeSection, QueueSection, Section } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { ExpandContext } from '../expand-context.ts'

/** A renamed object must not be declared under its old name as well, and may have only one new name. */
export function checkRenames(scope: ExpandContext): void {
  check(scope, 'queue', scope.vhost.queues)
  check(scope, 'exchange', scope.vhost.exchanges)
}

function check(
  { locate, report }: ExpandContext,
  kind: 'queue' | 'exchange',
  declared: Section<QueueSection | ExchangeSection>,
): void {
  const first = new Map<string, QueueSection | ExchangeSection>()
  for (const section of Object.values(declared)) {
    const { renamedFrom: name } = section
    if (name === undefined) continue
    const place = locate(section, 'renamedFrom')
    if (Object.hasOwn(declared, name)) {
      const related = [{ label: 'declared', location: locate(declared, name) }]
      report(finding('renamed-from-itself', { kind, name }, place, related))
    }
    const taken = first.get(name)
    if (taken === undefined) first.set(name, section)
    else {
      const related = [{ label: 'first', location: locate(taken, 'renamedFrom') }]
      report(finding('renamed-twice', { kind, name }, place, related))
    }
  }
}
