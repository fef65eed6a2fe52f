import type { ValidateFunction } from 'ajv'
import { PLAN_SCHEMA_FILE } from '../schema-files.ts'
import { fileURLToPath } from 'node:url'
import { readRegularFile } from '../../files/read-regular-file.ts'

let compiled: Promise<ValidateFunction> | undefined

/**
 * What is wrong with a value that should be a plan, by `schemas/plan.schema.json`; undefined when nothing is. The schema
 * library is loaded only for that.
 */
export async function planProblem(value: unknown): Promise<string | undefined> {
  const check = await (compiled ??= compile())
  if (check(value)) return undefined
  const [first] = check.errors ?? []
  return `${first?.instancePath || 'it'} ${first?.message ?? 'is not as a plan is'}`
}

async function compile(): Promise<ValidateFunction> {
  const [{ Ajv2020 }, schema] = await Promise.all([
    import('ajv/dist/2020.js'),
    readRegularFile(fileURLToPath(PLAN_SCHEMA_FILE), 'document'),
  ])
  return new Ajv2020({ strict: false }).compile(JSON.parse(schema.toString('utf8')) as object)
}
