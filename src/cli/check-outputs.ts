import { statSync } from 'node:fs'
import type { TopologyOptions } from '../operations/session/options.ts'
import { STANDARD_INPUT } from './options/topology-options.ts'
import { usageError } from './options/usage-error.ts'
import { isStream, withoutLinks } from './output/write-file-to.ts'

/** The options that name output files, as commander returns them. */
export interface OutputFlags {
  readonly out?: string
  readonly outUndo?: string
  readonly report?: readonly string[]
}

interface NamedFile {
  readonly option: string
  readonly path: string
}

/**
 * Refuses a run that would write one file twice, or overwrite a file that it reads, such as the topology.
 *
 * @param inputs the files that the run reads; files inside a folder are not checked
 */
export function checkOutputs({ out, outUndo, report = [] }: OutputFlags, inputs: Partial<TopologyOptions>): void {
  const outputs = [
    ...named('--out', out),
    ...named('--out-undo', outUndo),
    ...named('--report', ...report.map((each) => each.slice(each.indexOf('=') + 1))),
  ]
  const taken = [
    ...named('the input', ...(inputs.paths ?? []).filter((path) => path !== STANDARD_INPUT)),
    ...named('--overlay', ...(inputs.overlays ?? [])),
    ...named('--var-file', ...(inputs.variableFiles ?? [])),
  ].flatMap(withIdentity)
  for (const output of outputs.flatMap(withIdentity)) {
    const other = taken.find(({ id }) => id === output.id)
    if (other !== undefined) {
      throw usageError(
        `${output.option} ${output.path} is the same file as ${other.option} ${other.path}`,
        'name a different file for each of them',
      )
    }
    taken.push(output)
  }
}

function named(option: string, ...paths: readonly (string | undefined)[]): NamedFile[] {
  return paths.flatMap((path) => (path === undefined ? [] : [{ option, path }]))
}

/** Returns nothing for standard output, a pipe and the like, which may be written to several times. */
function withIdentity(file: NamedFile): (NamedFile & { readonly id: string })[] {
  const target = withoutLinks(file.path)
  if (isStream(target)) return []
  const stats = statSync(target, { throwIfNoEntry: false })
  return [{ ...file, id: stats === undefined ? target : `${stats.dev}:${stats.ino}` }]
}
