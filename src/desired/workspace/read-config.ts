import { compareLocations } from '../../diagnostics/location.ts'
import { dirname, isAbsolute, join } from 'node:path'
import { finding, hasErrors, type Finding } from '../../diagnostics/findings/finding.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { withoutConsequences } from '../declaration/consequences.ts'
import { ReferenceResolver } from '../declaration/references/reference-resolver.ts'
import type { Run } from '../declaration/run.ts'
import { schemaFindings } from '../declaration/schema/schema-findings.ts'
import { describeFound } from '../declaration/schema/wrong-value.ts'
import { decodeUtf8 } from '../source/decode-utf8.ts'
import { locationOf, Places } from '../source/places.ts'
import { SourceText } from '../source/source-text.ts'
import { isTable, type Table, type Tree } from '../source/tree.ts'
import { parseDocuments } from '../source/yaml/parse-documents.ts'
import { checkConfig } from './check-config.ts'
import type {
  ConfiguredDrift,
  ConfiguredEnvironment,
  ConfiguredLint,
  ConfiguredProject,
  ConfiguredRule,
  ConfiguredText,
  ConfiguredWebhook,
  ConnectionKey,
  WorkspaceConfig,
} from './config.ts'
import { configValidator } from './config-validator.ts'

/** A config, or the findings about it. */
export interface ReadConfig {
  /** Absent if a finding is an error. */
  readonly config?: WorkspaceConfig
  readonly findings: readonly Finding[]
  /** Its text by its path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
}

/** Reads `warren.config.yaml`, and reports all findings together, each with its position. */
export async function readConfig(path: string): Promise<ReadConfig> {
  try {
    const { text, invalidAt } = decodeUtf8(await readRegularFile(path, 'document'))
    const sources = new Map([[path, text]])
    if (invalidAt === undefined) return { ...parseConfig({ path, text }), sources }
    const location = new SourceText({ path, text }).locate(invalidAt, invalidAt + 1)
    return { findings: [finding('file-not-utf8', { path }, location)], sources }
  } catch (error) {
    const reason = describeFileError(error)
    return { findings: [finding('file-unreadable', { path, reason })], sources: new Map() }
  }
}

/** Reads the text of a config. */
export function parseConfig(file: { readonly path: string; readonly text: string }): Omit<ReadConfig, 'sources'> {
  const places = new Places()
  const parsed = parseDocuments(file, places)
  const reported: Finding[] = []
  const report = (found: Finding): void => void reported.push(found)
  const references = new ReferenceResolver({ environment: {}, variables: {} }, places, report)
  const run: Run = { places, report, references }
  const [document, ...others] = parsed.documents
  let config: WorkspaceConfig | undefined
  if (document === undefined || others.length > 0) {
    const at = others[0]?.place ?? { source: parsed.source, start: 0, end: 1 }
    report(finding('config-without-document', { path: file.path }, locationOf(at)))
  } else if (!isTable(document.root)) {
    const found = describeFound({ value: document.root, spot: { key: document.place, value: document.place } })
    report(finding('config-not-table', { found }, locationOf(document.place)))
  } else {
    const validate = configValidator()
    if (validate(document.root)) {
      config = new ConfigReader(file.path, places).read(document.root)
      checkConfig(config, document.root, places, report)
    } else for (const found of schemaFindings(validate.errors ?? [], document.root, run)) report(found)
  }
  const findings = withoutConsequences(reported, [parsed]).toSorted((a, b) => compareLocations(a.location, b.location))
  return { ...(config && !hasErrors(findings) && { config }), findings }
}

const CONNECTION_KEYS: readonly ConnectionKey[] = [
  'url',
  'amqpUrl',
  'user',
  'password',
  'passwordFile',
  'ca',
  'cert',
  'key',
]

/** Converts a table that matches the schema to a config. */
class ConfigReader {
  readonly #path: string
  readonly #places: Places

  constructor(path: string, places: Places) {
    this.#path = path
    this.#places = places
  }

  read(root: Table): WorkspaceConfig {
    const { defaultEnvironment } = root
    return {
      path: this.#path,
      folder: dirname(this.#path),
      projects: this.#byName(root['projects'], (table, name, within) => this.#project(table, name, within)),
      environments: this.#byName(root['environments'], (table, name, within) => this.#environment(table, name, within)),
      ...(typeof defaultEnvironment === 'string' && { defaultEnvironment }),
      ...(isTable(root['lint']) && { lint: this.#lint(root['lint']) }),
      ...(isTable(root['drift']) && { drift: this.#drift(root['drift']) }),
    }
  }

  #lint({ rules, extends: extended, ignore }: Table): ConfiguredLint {
    return {
      rules: Object.fromEntries(
        Object.entries(isTable(rules) ? rules : {}).map(([rule, setting]) => [rule, ruleSetting(setting)]),
      ),
      extends: texts(extended).map((path) => this.#relative(path)),
      ignore: (Array.isArray(ignore) ? ignore : []) as unknown as ConfiguredLint['ignore'],
    }
  }

  #drift({ interval, listen, state, events, webhooks }: Table): ConfiguredDrift {
    return {
      ...(typeof interval === 'string' && { interval }),
      ...(typeof listen === 'string' && { listen }),
      ...(typeof state === 'string' && { state: this.#relative(state) }),
      ...(typeof events === 'string' && { events }),
      webhooks: (Array.isArray(webhooks) ? (webhooks as Table[]) : []).map((table) => ({
        url: this.#text(table, 'url'),
        ...('secret' in table && { secret: this.#text(table, 'secret') }),
        ...('format' in table && { format: table['format'] as NonNullable<ConfiguredWebhook['format']> }),
      })),
    }
  }

  #project(table: Table, name: string, within: Table): ConfiguredProject {
    const { environments } = table
    return {
      name,
      location: this.#places.locate(within, name),
      paths: texts(table['paths']).map((path) => this.#relative(path)),
      ...(environments !== undefined && { environments: texts(environments) }),
      overlays: this.#byName(table['overlays'], (_, environment, overlays) =>
        texts(overlays[environment]).map((path) => this.#relative(path)),
      ),
      variables: this.#byName(table['variables'], (variables) => this.#texts(variables)),
    }
  }

  #environment(table: Table, name: string, within: Table): ConfiguredEnvironment {
    const { cluster, parallelism, maxDeletes } = table
    const connection = CONNECTION_KEYS.flatMap((key) => (key in table ? [[key, this.#text(table, key)] as const] : []))
    return {
      name,
      location: this.#places.locate(within, name),
      ...(typeof cluster === 'string' && { cluster }),
      connection: Object.fromEntries(connection),
      variables: this.#texts(table['variables']),
      variableFiles: texts(table['variableFiles']).map((path) => this.#relative(path)),
      vhosts: { ...(table['vhosts'] as Record<string, string> | undefined) },
      ...(typeof parallelism === 'number' && { parallelism }),
      ...(maxDeletes !== undefined && { maxDeletes: this.#text(table, 'maxDeletes').text }),
      confirm: table['confirm'] === true,
    }
  }

  #byName<T>(tree: Tree | undefined, read: (table: Table, name: string, within: Table) => T): ReadonlyMap<string, T> {
    if (!isTable(tree)) return new Map()
    return new Map(Object.keys(tree).map((name) => [name, read(tree[name] as Table, name, tree)]))
  }

  #texts(tree: Tree | undefined): ReadonlyMap<string, ConfiguredText> {
    return this.#byName(tree, (_, name, within) => this.#text(within, name))
  }

  /** Numbers and other scalars are used as written: `1.10` is not `1.1`. */
  #text(within: Table, key: string): ConfiguredText {
    const value = within[key]
    const { source, start, end } = this.#places.spot(within, key)?.value ?? this.#places.own(within)
    const text = typeof value === 'string' ? value : source.text.slice(start, end)
    return { text, location: source.locate(start, end) }
  }

  /** Paths in a config are relative to it. */
  #relative(path: string): string {
    return isAbsolute(path) ? path : join(dirname(this.#path), path)
  }
}

/** A severity, or a table of one with options. */
function ruleSetting(setting: Tree): ConfiguredRule {
  if (!isTable(setting)) return { severity: setting as NonNullable<ConfiguredRule['severity']>, options: {} }
  const { severity, ...options } = setting
  return { ...(severity !== undefined && { severity: severity as NonNullable<ConfiguredRule['severity']> }), options }
}

function texts(tree: Tree | undefined): readonly string[] {
  return Array.isArray(tree) ? (tree as string[]) : []
}
