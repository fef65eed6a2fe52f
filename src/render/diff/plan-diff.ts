import { createTwoFilesPatch } from 'diff'
import { ownershipChanges } from '../../plan/ownership/ownership-changes.ts'
import type { Change } from '../../plan/change.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Subject } from '../../plan/steps/subject.ts'
import { canonicalYaml } from './canonical-yaml.ts'
import { shortList } from '../short-list.ts'

/**
 * The whole plan as one unified diff of canonical YAML, live against desired, with the owners before the objects;
 * empty if nothing changes.
 */
export function planDiff(plan: Plan): string {
  const { changes } = plan
  const owners = ownersOf(plan)
  const live = owners.live + changes.map((change) => documentOf(liveAddressOf(change), liveOf(change))).join('')
  const desired = owners.desired + changes.map((change) => documentOf(change.address, desiredOf(change))).join('')
  if (live === '' && desired === '') return ''
  return createTwoFilesPatch('live', 'desired', live, desired, '', '')
    .replace(/^=+\n/, '')
    .replaceAll(/^(--- live|\+\+\+ desired)\t*$/gm, '$1')
}

/** The existing objects whose owner or protection changes, by project. */
function ownersOf(plan: Plan): { readonly live: string; readonly desired: string } {
  const { adopted, takenOver, released, protected: guarded, unprotected } = ownershipChanges(plan)
  const { project } = plan
  const taken = takenOver.flatMap(({ addresses }) => addresses)
  return {
    live: ownership({
      ...Object.fromEntries(takenOver.map(({ from, addresses }) => [from, { owned: addresses }])),
      [project]: { owned: released, protected: unprotected },
    }),
    desired: ownership({ [project]: { adopted, 'taken over': taken, protected: guarded } }),
  }
}

function ownership(projects: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>): string {
  const filled = Object.entries(projects).flatMap(([project, lists]) => {
    const filledLists = Object.entries(lists).filter(([, { length }]) => length > 0)
    return filledLists.length === 0
      ? []
      : [[project, Object.fromEntries(filledLists.map(([name, list]) => [name, shortList(list)]))]]
  })
  return filled.length === 0 ? '' : canonicalYaml({ ownership: Object.fromEntries(filled) as Properties })
}

function liveAddressOf(change: Change): string {
  return change.action === 'rename' ? change.from : change.address
}

type Properties = Readonly<Record<string, unknown>>

function documentOf(address: string, properties: Properties | undefined): string {
  return properties === undefined ? '' : canonicalYaml({ [address]: properties })
}

function liveOf(change: Change): Properties | undefined {
  return change.action === 'create'
    ? undefined
    : shown(change.before, isCredentialChanged(change) ? '(secret)' : undefined)
}

/** The live object with the declared properties, so that the diff shows only the changes. */
function desiredOf(change: Change): Properties | undefined {
  if (change.action === 'delete') return undefined
  const after = shown(
    change.after,
    change.action === 'create' ? '(secret)' : isCredentialChanged(change) ? '(secret changed)' : undefined,
  )
  return change.action === 'create' ? after : { ...shown(change.before, undefined), ...after }
}

function isCredentialChanged(change: Change): boolean {
  return (
    'differences' in change &&
    change.differences.some((each) => each.property === 'password' || each.property === 'passwordHash')
  )
}

/** Properties that are already in the address, and those that only warren uses. */
const NOT_SHOWN = new Set([
  'origin',
  'external',
  'claimed',
  'vhost',
  'name',
  'credential',
  'role',
  'renamedFrom',
  'declaredIn',
  'references',
])

function shown(object: Subject['object'], credential: string | undefined): Properties {
  const properties = Object.entries(object).filter(([property]) => !NOT_SHOWN.has(property))
  const hasCredential = 'credential' in object && object.credential !== undefined && credential !== undefined
  return { ...Object.fromEntries(properties), ...(hasCredential && { password: credential }) }
}
