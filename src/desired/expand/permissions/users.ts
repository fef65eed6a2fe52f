import type { Locate, UserSection, VhostDeclaration } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { User } from '../../../model/topology.ts'
import { credentialOf } from './credential.ts'
import type { Report } from '../expand-context.ts'
import { sortedSet } from '../values/sort.ts'

/** A user as declared in one document. */
interface WrittenUser {
  readonly section: UserSection
  readonly vhost: VhostDeclaration
}

/**
 * Derives the users from the documents of all vhosts. A user may have permissions in several virtual hosts, but its
 * properties are set in one.
 */
export function expandUsers(vhosts: readonly VhostDeclaration[], locate: Locate, report: Report): User[] {
  const byName = new Map<string, WrittenUser[]>()
  for (const vhost of vhosts) {
    for (const [name, section] of Object.entries(vhost.users)) {
      const written = byName.get(name)
      if (written) written.push({ section, vhost })
      else byName.set(name, [{ section, vhost }])
    }
  }
  return Array.from(byName, ([name, written]) => expandUser(name, written, locate, report))
}

const OWN = ['password', 'passwordHash', 'hashingAlgorithm', 'tags', 'limits'] as const

function expandUser(name: string, written: readonly WrittenUser[], locate: Locate, report: Report): User {
  const outside = written.find(({ section }) => section.external)
  const own = written.find(({ section }) => OWN.some((property) => section[property] !== undefined))
  const main = own ?? outside ?? written[0]
  const origin = main && locate(main.vhost.users, name)
  if (outside) {
    if (own) reportExternal(name, own.section, outside, locate, report)
    return { name, ...(origin && { origin }), external: true, declaredIn: vhostsOf(written) }
  }
  const credential = own && credentialOf(own.section, locate, report)
  return {
    name,
    ...(credential && { credential }),
    tags: sortedSet(own?.section.tags ?? []),
    declaredIn: vhostsOf(written),
    ...(written.some(({ section }) => section.protect) && { protect: true }),
    ...(own?.section.limits && { limits: { ...own.section.limits } }),
    ...(origin && { origin }),
  }
}

function vhostsOf(written: readonly WrittenUser[]): readonly string[] {
  return sortedSet(written.map(({ vhost }) => vhost.name))
}

function reportExternal(name: string, own: UserSection, outside: WrittenUser, locate: Locate, report: Report): void {
  for (const property of OWN) {
    if (own[property] === undefined) continue
    report(
      finding('external-user-changed', { user: name, property }, locate(own, property), [
        { label: 'external', location: locate(outside.section, 'external') },
      ]),
    )
  }
}
