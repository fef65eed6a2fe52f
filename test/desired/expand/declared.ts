import type { Declaration, Locate, VhostDeclaration } from '../../../src/desired/declaration/document.ts'
import { explainFinding, type Finding } from '../../../src/diagnostics/findings/finding.ts'
import type { Location } from '../../../src/diagnostics/location.ts'
import { expand } from '../../../src/desired/expand/expand.ts'
import type { ReadSchema } from '../../../src/desired/expand/expand-context.ts'
import type { Desired } from '../../../src/model/desired.ts'

/** The sections of one vhost as a test writes them. */
export type Sections = { [Name in Exclude<keyof VhostDeclaration, 'name' | 'origin'>]?: VhostDeclaration[Name] }

/**
 * Creates a declaration from documents by vhost. Instead of a file, each location contains the path of the value
 * within its vhost: `queues.email.retry`; the vhost comes first if there are several.
 */
export function declared(vhosts: Readonly<Record<string, Sections>>): Declaration {
  const paths = new Map<object, string>()
  const several = Object.keys(vhosts).length > 1
  return {
    project: 'test',
    vhosts: Object.entries(vhosts).map(([name, sections]) => {
      const own = withoutPrototypes(sections)
      const prefix = several ? name : ''
      recordPaths(own, prefix, paths)
      return {
        exchanges: {},
        queues: {},
        bindings: [],
        users: {},
        publications: {},
        requests: {},
        subscriptions: {},
        policies: {},
        operatorPolicies: {},
        parameters: {},
        globalParameters: {},
        shovels: {},
        federationUpstreams: {},
        federationUpstreamSets: {},
        superStreams: {},
        ...own,
        name,
        origin: at(prefix === '' ? 'vhost' : `${prefix}.vhost`),
      }
    }),
    locate: locateIn(paths),
    secrets: [],
    written: () => undefined,
    references: [],
  }
}

function locateIn(paths: ReadonlyMap<object, string>): Locate {
  return (container, key) => {
    const path = paths.get(container)
    if (path === undefined) throw new Error(`${JSON.stringify(container)} has no place`)
    if (key !== undefined && !Object.hasOwn(container, key)) throw new Error(`there is no ${key} at ${path}`)
    return at(key === undefined ? path : join(path, key))
  }
}

function recordPaths(value: unknown, path: string, paths: Map<object, string>): void {
  if (typeof value !== 'object' || value === null) return
  paths.set(value, path)
  for (const [key, each] of Object.entries(value)) recordPaths(each, join(path, key), paths)
}

function join(path: string, key: string | number): string {
  return path === '' ? String(key) : `${path}.${key}`
}

/** The tables have the same form as those of the declaration stage. */
function withoutPrototypes<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutPrototypes) as T
  if (typeof value !== 'object' || value === null) return value
  const table = Object.create(null) as Record<string, unknown>
  for (const [key, each] of Object.entries(value)) table[key] = withoutPrototypes(each)
  return table as T
}

/** The location of the value at a path. */
export function at(path: string): Location {
  return { file: path, line: 1, column: 1 }
}

const NO_SCHEMAS: ReadSchema = (path) => {
  throw new Error(`nothing reads ${path} in this test`)
}

/** Expands the documents of `/`, and fails on an error. */
export function expanded(sections: Sections, readSchema = NO_SCHEMAS): Desired {
  const { desired, findings } = expand(declared({ '/': sections }), readSchema)
  const errors = findings.filter((each) => explainFinding(each).severity === 'error')
  if (errors.length > 0) throw new Error(messagesOf(errors).join('\n'))
  return desired
}

/** The findings in the documents of `/`, as `code at place`, with the related positions. */
export function found(sections: Sections, readSchema = NO_SCHEMAS): string[] {
  return expand(declared({ '/': sections }), readSchema).findings.map(brief)
}

/** `code at place`, and the related positions. */
export function brief({ code, location, related = [] }: Finding): string {
  const others = related.map((each) => `, ${each.label} ${each.location.file}`)
  return `${code} at ${location?.file}${others.join('')}`
}

/** The sentences of findings. */
export function messagesOf(findings: readonly Finding[]): string[] {
  return findings.map((each) => {
    const { message, hint } = explainFinding(each)
    return `${each.location?.file}: ${message}${hint === undefined ? '' : ` (${hint})`}`
  })
}
