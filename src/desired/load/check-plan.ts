import type { ValidateFunction } from 'ajv'
import { PLAN_SCHEMA_FILE } from '../schema-files.ts'
import { fileURLToPath } from 'node:url'
import { readRegularFile } from '../../files/read-regular-file.ts'

let compiled: Promise<ValidateFunction> | undefined

/**
 * Checks a value against `schemas/plan.schema.json`, and returns the problem, or undefined. The schema library is
 * loaded only for this.
 */
export async function planProblem(value: unknown): Promise<string | undefined> {
  const check = await (compiled ??= compile())
  if (check(value)) return undefined
  const [first] = check.errors ?? []
  return `${first?.instancePath || 'it'} ${first?.message ?? 'does not have the form of a plan'}`
}

async function compile(): Promise<ValidateFunction> {
  const [{ Ajv2020 }, schema] = await Promise.all([
    import('ajv/dist/2020.js'),
    readRegularFile(fileURLToPath(PLAN_SCHEMA_FILE), 'document'),
  ])
  return new Ajv2020({ strict: false }).compile(JSON.parse(schema.toString('utf8')) as object)
}
