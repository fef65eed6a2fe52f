import { Ajv, type ValidateFunction } from 'ajv'
import { VALIDATOR_OPTIONS } from '../declaration/schema/validator-options.ts'
import { testsSchema } from './tests-schema.ts'

let compiled: ValidateFunction | undefined

/**
 * The check of a file of tests against `schemas/tests.schema.json`. The build replaces this file with one that
 * contains the compiled check, as for topology files.
 */
export function testsValidator(): ValidateFunction {
  return (compiled ??= new Ajv(VALIDATOR_OPTIONS).compile(testsSchema))
}
