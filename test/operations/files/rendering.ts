import { writeFile } from 'node:fs/promises'
import { compile } from '../../../src/desired/load/compiled-topology.ts'
import { loadTopology, type LoadOptions } from '../../../src/desired/load/load-topology.ts'
import { explainFinding } from '../../../src/diagnostics/findings/finding.ts'
import { formatLocation } from '../../../src/diagnostics/location.ts'
import { InvalidInputError } from '../../../src/diagnostics/warren-error.ts'
import { planOf } from '../../builders/plan-of.ts'
import { topology } from '../../builders/objects.ts'
import { render, type RenderOptions } from '../../../src/operations/files/render.ts'

/** The declarations of topology files in comparable form: the compiled text, and all objects without positions. */
export async function meaningOf(options: Partial<LoadOptions>): Promise<string> {
  const { desired, findings } = await loadTopology({ paths: [], environment: {}, ...options })
  if (desired === undefined) throw new Error(findings.map((each) => explainFinding(each).message).join('\n'))
  const { project, handOver, topology } = desired
  return compile(desired) + JSON.stringify({ project, handOver, topology }, withoutPlaces, 1)
}

const PLACES = new Set(['origin', 'location', 'references', 'bound'])

function withoutPlaces(key: string, value: unknown): unknown {
  return PLACES.has(key) ? undefined : value
}

/** The rendered text of files, written to `file`. */
export async function renderedTo(file: string, options: RenderOptions): Promise<string> {
  const { text } = await render({ ...options, file })
  await writeFile(file, text)
  return text
}

/** The findings if files cannot be rendered, one line each. */
export async function refusalOf(options: RenderOptions): Promise<string[]> {
  try {
    return [(await render(options)).text]
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    return error.findings.map(({ code, location }) => `${location ? formatLocation(location) : ''} ${code}`)
  }
}

/** The digest of a plan that creates all objects of the files. */
export async function digestOfFiles(options: Partial<LoadOptions>): Promise<string> {
  const { desired, findings } = await loadTopology({ paths: [], environment: {}, ...options })
  if (desired === undefined) throw new Error(findings.map(({ code }) => code).join('\n'))
  return planOf(topology(), desired.topology).digest
}
