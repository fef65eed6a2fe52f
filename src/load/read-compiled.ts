import { errorMessage } from '../diagnostics/thrown.ts'
import { readFile } from 'node:fs/promises'
import { ExitCode } from '../diagnostics/exit-code.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { type CompiledTopology, parseCompiled } from './compiled-topology.ts'

/**
 * Reads the file that `warren compile` made.
 *
 * @throws {WarrenError} when it cannot be read, or is none
 */
export async function readCompiled(path: string): Promise<CompiledTopology> {
  return parseCompiled(await readText(path))
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new WarrenError(`cannot read ${path}: ${errorMessage(error)}`, {
      exitCode: ExitCode.invalidInput,
      hint: 'make one with: warren compile --out topology.json',
    })
  }
}
