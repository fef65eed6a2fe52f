import { dirname } from 'node:path'
import type { Declared } from '../../desired/declaration/declare.ts'
import { topologyKeyOrder } from '../../desired/declaration/schema/key-order.ts'
import { loadFiles } from './load-files.ts'
import { writeYaml } from '../../desired/source/yaml/write-yaml.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface RenderOptions extends TopologyOptions {
  /**
   * The file that will contain the text: relative paths in the text start from its folder. Default: the working
   * folder.
   */
  readonly file?: string
}

/** The expanded topology, and the warnings about its files. */
export interface Rendered {
  /** YAML: one document for each virtual host, with a comment above each object that names its source. */
  readonly text: string
  /** Warnings about the files. */
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
}

/**
 * Renders topology files as one file. Defaults, templates, `forEach`, `${var:}` and overlays are expanded; `${env:}`
 * and `${file:}` are kept. It declares the same topology.
 *
 * @throws {InvalidInputError} when the files are invalid, or contain a secret that is not a reference
 */
export async function render(options: RenderOptions): Promise<Rendered> {
  return withSecrets(options, renderFiles)
}

async function renderFiles(options: RenderOptions): Promise<Rendered> {
  const { file = 'topology.yaml', secrets = new SecretRegistry(), ...rest } = options
  let declared: Declared | undefined
  const { desired, findings, sources, variables } = await loadFiles({
    ...rest,
    secrets,
    onDeclared: (each) => {
      declared = each
    },
  })
  const written = desired && declared?.writeOut?.({ variables, folder: dirname(file), secrets })
  if (written === undefined || written.findings.length > 0) {
    throw new InvalidInputError([...findings, ...(written?.findings ?? [])], sources)
  }
  return { text: writeYaml(written.documents, topologyKeyOrder()), findings, sources }
}
