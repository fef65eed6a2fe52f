import { createTwoFilesPatch } from 'diff'
import type { Change, Plan } from '../plan/plan.ts'
import type { Subject } from '../plan/subject.ts'
import { canonicalYaml } from './canonical-yaml.ts'

/** The whole plan as one unified diff of canonical YAML, live against desired; empty when nothing changes. */
export function planDiff({ changes }: Plan): string {
  if (changes.length === 0) return ''
  const live = changes.map((change) => documentOf(liveAddressOf(change), liveOf(change))).join('')
  const desired = changes.map((change) => documentOf(change.address, desiredOf(change))).join('')
  return createTwoFilesPatch('live', 'desired', live, desired, '', '')
    .replace(/^=+\n/, '')
    .replaceAll(/^(--- live|\+\+\+ desired)\t*$/gm, '$1')
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

/** What is not declared stays as it is, so that only what changes shows. */
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

/** What the address says already, and what is warren's own. */
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
