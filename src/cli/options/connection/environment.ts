import { statSync } from 'node:fs'
import { join } from 'node:path'
import util from 'node:util'
import type { Io } from '../../output/io.ts'
import { readText } from '../read-text.ts'

/** Merges the variables of the process with a `.env` file in the current folder. The process takes precedence. */
export function readEnvironment(): Pick<Io, 'environment' | 'fileVariables'> {
  const fromFile = readEnvFile('.')
  const fileVariables = new Set(Object.keys(fromFile).filter((name) => process.env[name] === undefined))
  return { environment: { ...fromFile, ...process.env }, fileVariables }
}

/** The variables in the `.env` file of a folder; none if there is no such file. */
export function readEnvFile(folder: string): Readonly<Record<string, string | undefined>> {
  const path = join(folder, '.env')
  return isFile(path) ? util.parseEnv(readText(`the file ${path}`, path)) : {}
}

/** A folder of this name is a Python virtual environment. An unreadable file is reported when it is read. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true
  } catch {
    return true
  }
}
