import { Ajv, type ValidateFunction } from 'ajv'
import { VALIDATOR_OPTIONS } from '../declaration/schema/validator-options.ts'
import { configSchema } from './config-schema.ts'

let compiled: ValidateFunction | undefined

/**
 * The check of a config against `schemas/config.schema.json`. The build replaces this file with one that contains the
 * compiled check, as for topology files.
 */
export function configValidator(): ValidateFunction {
  return (compiled ??= new Ajv(VALIDATOR_OPTIONS).compile(configSchema))
}
