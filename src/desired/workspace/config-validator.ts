import { Ajv, type ValidateFunction } from 'ajv'
import { VALIDATOR_OPTIONS } from '../declaration/schema/validator-options.ts'
import { configSchema } from './config-schema.ts'

let compiled: ValidateFunction | undefined

/**
 * The check of a config against `schemas/config.schema.json`. The build puts a file of the same name in place of this one,
 * with the check compiled beforehand, as it does for topology files.
 */
export function configValidator(): ValidateFunction {
  return (compiled ??= new Ajv(VALIDATOR_OPTIONS).compile(configSchema))
}
