import { type ConfiguredName, declare, type Declared } from '../declaration/declare.ts'
import { mostTelling, sortedFindings } from '../declaration/sorted-findings.ts'
import { type Finding, type FindingCode, hasErrors } from '../../diagnostics/findings/finding.ts'
import { expand } from '../expand/expand.ts'
import type { Desired } from '../../model/desired.ts'
import { registerDesired } from '../../model/secrets/register-secrets.ts'
import { registerSource } from '../../model/secrets/register-source.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { maskData } from '../../model/secrets/mask-data.ts'
import { type ReadInput, readSources } from '../source/read-sources.ts'
import { checkMessageSchemas } from './check-message-schemas.ts'
import { readUtf8 } from '../source/references/resolve-reference.ts'
import { filesOfPasswords } from './files-of-passwords.ts'
import { readVariables } from './read-variables.ts'
import { schemaReader } from './schema-reader.ts'
import { unusedVariables } from './unused-variables.ts'

export interface LoadOptions {
  /** Files and folders; a folder means all topologies in `*.yaml` and `*.yml` below it, `-` for standard input. */
  readonly paths: readonly string[]
  /** Files that are merged over the documents of their vhost, in the given order. Default none. */
  readonly overlays?: readonly string[]
  /** Values of `${var:name}`. Default: none. */
  readonly variables?: Readonly<Record<string, string>>
  /**
   * Whether a variable in `variables` to which no file refers is an error, or ignored because the options were not
   * given for these files. Default `report`.
   */
  readonly unusedVariables?: 'report' | 'ignore'
  /** Variables files, with one `name=value` on each line; `variables` takes precedence. Default none. */
  readonly variableFiles?: readonly string[]
  /** Vhosts to rename, for preview environments and tests. Default: none. */
  readonly vhosts?: Readonly<Record<string, string>>
  /** Reads standard input for the path `-`. Default: `-` is an error. */
  readonly standardInput?: ReadInput
  /** The environment of the config that the run is for. Default: none. */
  readonly inEnvironment?: EnvironmentSettings
  /** The project of a config that the files have to declare. Default: any. */
  readonly configured?: ConfiguredName
  /** Values of `${env:NAME}`. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The value of `${environment}`: the name of the chosen environment. Default: no environment. */
  readonly environmentName?: string
  /** `ignore` leaves users out, so that their references need no values. Default `check`. */
  readonly users?: 'check' | 'ignore'
  /** The registry for the secrets of the files. Default: a separate registry, which masks the findings. */
  readonly secrets?: SecretRegistry
  /** Called with the texts of the files, and awaited before they are parsed. */
  readonly beforeParsing?: (texts: Iterable<string>) => Promise<void>
  /** Called with the path of each file that is read, including those with passwords. */
  readonly onRead?: (path: string) => void
  /** Called with the declarations before they are expanded. */
  readonly onDeclared?: (declared: Declared) => void
}

/**
 * The settings of an environment of a config for topology files. Options for one run take precedence over all of
 * them.
 */
export interface EnvironmentSettings {
  readonly name: string
  /** The values of `${var:name}`. */
  readonly variables: Readonly<Record<string, string>>
  /** Virtual hosts to rename, if documents name them. */
  readonly vhosts: Readonly<Record<string, string>>
}

export interface Loaded {
  /** The desired state of the files; absent if a finding is an error. */
  readonly desired?: Desired
  /** Errors and warnings, with texts from `${file:}` masked. */
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
  /** The paths of the template files that the documents use. */
  readonly templates: readonly string[]
  /** Values of `${var:name}`, including those of variable files. Passwords are resolved with them later. */
  readonly variables: Readonly<Record<string, string>>
}

/** Findings about a file whose text is unknown. */
const UNREAD: ReadonlySet<string> = new Set<FindingCode>(['file-unreadable', 'file-not-utf8'])

/** Reads topology files and turns them into the desired topology. All mistakes are in the findings. */
export async function loadTopology(options: LoadOptions): Promise<Loaded> {
  const { environment, vhosts = {}, users = 'check', secrets = new SecretRegistry() } = options
  const files = await readSources(options.paths, options.standardInput)
  const overlays = await readSources(options.overlays ?? [], options.standardInput)
  const fromFiles = await readVariables(options.variableFiles ?? [])
  const { inEnvironment, configured, onRead } = options
  const variables = { ...inEnvironment?.variables, ...fromFiles.variables, ...options.variables }
  const unread = [...files.findings, ...overlays.findings, ...fromFiles.findings]
  const sources = new Map([...files.sources, ...overlays.sources].map(({ path, text }) => [path, text]))
  if (files.sources.length === 0 && files.findings.length > 0)
    return { findings: unread, sources, variables, templates: [] }
  await options.beforeParsing?.(sources.values())
  const declared = await declare({
    sources: files.sources,
    overlays: overlays.sources,
    environment,
    variables,
    vhosts,
    ...(inEnvironment && { environmentVhosts: inEnvironment.vhosts }),
    ...(configured && { configured }),
    users,
    secrets,
    environmentName: options.environmentName ?? inEnvironment?.name,
    ...(onRead && { readFile: (path: string) => (onRead(path), readUtf8(path)) }),
  })
  for (const { path, text } of declared.templates) sources.set(path, text)
  const isIncomplete = [...unread, ...declared.findings].some(({ code }) => UNREAD.has(code))
  const unused =
    options.unusedVariables === 'ignore' || isIncomplete
      ? []
      : unusedVariables(Object.keys(options.variables ?? {}), sources.values())
  for (const path of [...sources.keys(), ...(options.variableFiles ?? [])]) onRead?.(path)
  options.onDeclared?.(declared)
  const looked = await lookThrough(declared, onRead)
  if (onRead && looked.desired) filesOfPasswords(looked.desired.topology.users).forEach(onRead)
  if (looked.desired) registerDesired(secrets, looked.desired)
  // The sources still contain the passwords of users that were left out.
  if (looked.desired === undefined || users === 'ignore') {
    for (const text of sources.values()) registerSource(secrets, text)
  }
  const found = sortedFindings([...unread, ...declared.findings, ...looked.findings, ...unused], [...sources.keys()])
  const findings = mostTelling(found).map((each) => withoutSecrets(each, secrets))
  const usable = looked.desired !== undefined && !hasErrors(findings)
  const templates = declared.templates.map(({ path }) => path)
  return { ...(usable && { desired: looked.desired }), findings, sources, variables, templates }
}

/** Expands the declaration of the files. If files have mistakes, searches the rest for more of them. */
async function lookThrough(
  { declaration, partial }: Declared,
  onRead?: (path: string) => void,
): Promise<{ desired?: Desired; findings: readonly Finding[] }> {
  const found = partial?.declaration ?? declaration
  if (found === undefined) return { findings: [] }
  const { readSchema, uses } = schemaReader(onRead)
  const expanded = expand(found, readSchema)
  const findings = [...expanded.findings, ...(await checkMessageSchemas(uses))]
  return partial ? { findings: findings.filter(partial.isCertain) } : { desired: expanded.desired, findings }
}

function withoutSecrets(found: Finding, secrets: SecretRegistry): Finding {
  return { ...found, args: maskData(found.args, secrets) } as Finding
}
