import { finding, type Finding } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import { suggest } from '../../diagnostics/text/suggest.ts'
import type { Places } from '../source/places.ts'
import { mayHoldReferences, parseReferences } from '../source/references/references.ts'
import { isTable, type Table, type Tree } from '../source/tree.ts'
import type { ConfiguredEnvironment, ConfiguredText, WorkspaceConfig } from './config.ts'

type Report = (found: Finding) => void

/** Checks that a schema cannot express: names that refer to each other, references, and literal passwords. */
export function checkConfig(config: WorkspaceConfig, root: Table, places: Places, report: Report): void {
  checkNames(config, root, places, report)
  for (const environment of config.environments.values()) {
    checkPasswords(environment, report)
    for (const text of Object.values(environment.connection)) checkReferences(text, report)
    for (const text of environment.variables.values()) checkReferences(text, report)
  }
  for (const project of config.projects.values()) {
    for (const variables of project.variables.values()) {
      for (const text of variables.values()) checkReferences(text, report)
    }
  }
  for (const { url, secret } of config.drift?.webhooks ?? []) {
    checkReferences(url, report)
    if (secret) checkReferences(secret, report)
  }
  refuseOtherReferences(root, places, report)
}

/**
 * Checks that every environment that a project or the default names exists in the config, and is one that the project
 * is deployed to.
 */
function checkNames({ projects, environments }: WorkspaceConfig, root: Table, places: Places, report: Report): void {
  const known = [...environments.keys()]
  const unknown = (name: string, location: Location): void => {
    const suggestion = suggest(name, known)
    const args = { name, known, ...(suggestion !== undefined && { suggestion }) }
    report(finding('config-environment-unknown', args, location))
  }
  const { defaultEnvironment, projects: tables } = root
  if (typeof defaultEnvironment === 'string' && !environments.has(defaultEnvironment)) {
    unknown(defaultEnvironment, places.locate(root, 'defaultEnvironment', 'value'))
  }
  for (const { name: project, environments: deployed } of projects.values()) {
    const table = isTable(tables) ? tables[project] : undefined
    if (!isTable(table)) continue
    const list = table['environments']
    for (const [index, name] of (deployed ?? []).entries()) {
      if (Array.isArray(list) && !environments.has(name)) unknown(name, places.locate(list, index, 'value'))
    }
    for (const section of ['overlays', 'variables']) {
      const byEnvironment = table[section]
      if (!isTable(byEnvironment)) continue
      for (const name of Object.keys(byEnvironment)) {
        const location = places.locate(byEnvironment, name)
        if (!environments.has(name)) unknown(name, location)
        else if (deployed !== undefined && !deployed.includes(name)) {
          report(finding('config-environment-left-out', { name, project }, location))
        }
      }
    }
  }
}

/**
 * A config is committed and read by everyone. The default of a reference is allowed, for the user `guest` of a local
 * broker.
 */
function checkPasswords({ name: environment, connection }: ConfiguredEnvironment, report: Report): void {
  const { password, passwordFile } = connection
  if (password !== undefined && !isReferenced(password.text)) {
    report(finding('config-password-literal', { environment, key: 'password' }, password.location))
  }
  if (password !== undefined && passwordFile !== undefined) {
    report(finding('config-password-twice', { environment }, passwordFile.location))
  }
  for (const key of ['url', 'amqpUrl'] as const) {
    const written = connection[key]
    const inUrl = /^[a-z]+:\/\/[^/?#@]*?:(.+)@/is.exec(written?.text ?? '')?.[1]
    if (written !== undefined && inUrl !== undefined && !isReferenced(inUrl)) {
      report(finding('config-password-literal', { environment, key }, written.location))
    }
  }
}

function isReferenced(text: string): boolean {
  const parsed = parseReferences(text)
  // A malformed reference is reported separately.
  return 'malformed' in parsed || parsed.parts.some((part) => typeof part === 'object')
}

function checkReferences({ text, location }: ConfiguredText, report: Report): void {
  const parsed = parseReferences(text)
  if ('malformed' in parsed) {
    const { problem, hint } = parsed.malformed
    report(finding('reference-malformed', { problem, hint }, location))
    return
  }
  const other = parsed.parts.find((part) => typeof part === 'object' && part.kind !== 'env')
  if (typeof other === 'object') {
    report(finding('config-reference-kind', { reference: other.written }, location))
  }
}

/** In places where references are not resolved, warren would read one as a path or a name. */
function refuseOtherReferences(root: Table, places: Places, report: Report): void {
  const isResolved = (path: readonly string[]): boolean =>
    path.includes('variables') ||
    (path[0] === 'drift' && path[1] === 'webhooks' && (path[3] === 'url' || path[3] === 'secret')) ||
    (path[0] === 'environments' && path.length === 3 && path[2] !== 'cluster')
  const visit = (tree: Tree, path: readonly string[]): void => {
    if (!isTable(tree) && !Array.isArray(tree)) return
    for (const key of isTable(tree) ? Object.keys(tree) : tree.keys()) {
      const value = (tree as Record<string | number, Tree>)[key] ?? null
      const below = [...path, String(key)]
      const location = () => places.locate(tree, key, 'value')
      if (typeof value === 'string' && mayHoldReferences(value) && !isResolved(below)) {
        const shown = typeof key === 'number' ? `${path.at(-1) ?? ''}[${key}]` : key
        report(finding('config-reference-place', { key: shown }, location()))
      }
      visit(value, below)
    }
  }
  visit(root, [])
}
