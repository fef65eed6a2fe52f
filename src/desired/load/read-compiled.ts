import { WarrenError } from '../../diagnostics/warren-error.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { type CompiledTopology, parseCompiled } from './compiled-topology.ts'

/**
 * Reads a file that `warren compile` wrote.
 *
 * @throws {WarrenError} when it cannot be read, or is not such a file
 */
export async function readCompiled(path: string): Promise<CompiledTopology> {
  return parseCompiled(await readText(path))
}

async function readText(path: string): Promise<string> {
  try {
    return (await readRegularFile(path, 'document')).toString('utf8')
  } catch (error) {
    throw new WarrenError(`cannot read ${path}: ${describeFileError(error)}`, {
      code: 'UNREADABLE_FILE',
      hint: 'make one with: warren compile --out topology.json',
    })
  }
}
