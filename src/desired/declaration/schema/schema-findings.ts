import type { ErrorObject } from 'ajv'
import { finding, type Finding } from '../../../diagnostics/findings/finding.ts'
import { locationOf, type Place, type Spot } from '../../source/places.ts'
import { isContainer, isTable, type Table, type Tree } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import type { SchemaNode } from './schema.ts'
import { WRITTEN_SECRETS } from '../sections.ts'
import { unknownKey } from './unknown-key.ts'
import { wrongValue } from './wrong-value.ts'

/** The value that an error of the schema check is about. */
export interface Addressed {
  readonly path: readonly string[]
  readonly value: Tree
  /** The table or list that contains it; absent for the document itself. */
  readonly within?: { readonly container: Table | Tree[]; readonly key: string | number; readonly spot: Spot }
}

/**
 * Converts the errors of the schema check to findings: one for each invalid value, unknown key and missing key, even
 * if it breaks several rules.
 */
export function schemaFindings(errors: readonly ErrorObject[], root: Table, run: Run): Finding[] {
  const found = new Map<string, Finding>()
  const misfits = new Set<string>()
  for (const error of errors) {
    if (isBranch(error)) continue
    const addressed = addressedBy(error.instancePath, root, run)
    const node = error.parentSchema as SchemaNode
    switch (error.keyword) {
      case 'additionalProperties': {
        const key = String(error.params['additionalProperty'])
        if (isTable(addressed.value))
          found.set(
            `unknown ${error.instancePath} ${key}`,
            unknownKey(addressed.value, key, Object.keys(node.properties ?? {}), run),
          )
        break
      }
      case 'required': {
        const key = String(error.params['missingProperty'])
        found.set(`missing ${error.instancePath} ${key}`, missingKey(addressed, key, node, root, run))
        break
      }
      case 'oneOf':
        if (!misfits.has(error.instancePath))
          found.set(`form ${error.instancePath}`, oneFormOf(addressed, node, root, run))
        break
      default: {
        const first = !misfits.has(error.instancePath)
        misfits.add(error.instancePath)
        const wrong = first ? misfitFinding(addressed, node, run) : undefined
        if (wrong) found.set(`value ${error.instancePath}`, wrong)
      }
    }
  }
  return [...found.values()]
}

/** An error within one of several forms is not reported, because there is a separate error if none of them is valid. */
function isBranch({ schemaPath, keyword }: ErrorObject): boolean {
  return keyword === 'if' || /\/oneOf\/\d/.test(schemaPath)
}

/** The keys of a JSON pointer. */
export function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Follows the path of an error, a JSON pointer. */
export function addressedBy(pointer: string, root: Table, run: Run): Addressed {
  const path = pathOf(pointer)
  let value: Tree = root
  let within: Addressed['within']
  for (const part of path) {
    if (!isContainer(value)) break
    const container: Table | Tree[] = value
    const key: string | number = Array.isArray(container) ? Number(part) : part
    const own = run.places.own(container)
    within = { container, key, spot: run.places.spot(container, key) ?? { key: own, value: own } }
    value = (container as Record<string | number, Tree>)[key] ?? null
  }
  return { path, value, ...(within && { within }) }
}

/** Whether a value is a password or its hash. */
export function isSecret(path: readonly string[]): boolean {
  return path[0] === 'users' && path.length >= 3 && WRITTEN_SECRETS.has(path[2] ?? '')
}

function misfitFinding({ path, value, within }: Addressed, node: SchemaNode, run: Run): Finding | undefined {
  if (!within) return undefined
  const { container, key, spot } = within
  const what = typeof key === 'number' ? `${path.at(-2) ?? ''}[${key}]` : key
  const resolved = run.references.resolved(container, key)
  return wrongValue({ what, value, spot, resolved, secret: isSecret(path) }, node)
}

function missingKey({ within }: Addressed, key: string, node: SchemaNode, root: Table, run: Run): Finding {
  const property = node.properties?.[key]
  const meaning = typeof property === 'object' ? (property.description ?? property.title ?? '') : ''
  return finding('missing-key', { key, meaning }, locationOf(within?.spot.key ?? run.places.own(root)))
}

function oneFormOf({ within }: Addressed, node: SchemaNode, root: Table, run: Run): Finding {
  const forms = (node.oneOf ?? []).map(({ required = [] }) => required.join(', '))
  const place: Place = within?.spot.key ?? run.places.own(root)
  return finding('one-form-of', { forms }, locationOf(place))
}
