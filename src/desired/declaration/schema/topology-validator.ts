import { Ajv, type ValidateFunction } from 'ajv'
import { topologySchema } from './schema.ts'
import { VALIDATOR_OPTIONS } from './validator-options.ts'

let compiled: ValidateFunction | undefined

/**
 * The check of a document against `schemas/topology.schema.json`. The build puts a file of the same name in place of
 * this one, with the check compiled beforehand (scripts/build/compile-validator.js): compiling it takes longer than all
 * else that `validate` does with a small file.
 */
export function topologyValidator(): ValidateFunction {
  return (compiled ??= new Ajv(VALIDATOR_OPTIONS).compile(topologySchema))
}
