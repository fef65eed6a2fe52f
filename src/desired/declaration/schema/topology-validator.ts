import { Ajv, type ValidateFunction } from 'ajv'
import { topologySchema } from './schema.ts'
import { VALIDATOR_OPTIONS } from './validator-options.ts'

let compiled: ValidateFunction | undefined

/**
 * The check of a document against `schemas/topology.schema.json`. The build replaces this file with one that contains
 * the compiled check (scripts/build/compile-validator.js), because compiling takes longer than everything else that
 * `validate` does with a small file.
 */
export function topologyValidator(): ValidateFunction {
  return (compiled ??= new Ajv(VALIDATOR_OPTIONS).compile(topologySchema))
}
