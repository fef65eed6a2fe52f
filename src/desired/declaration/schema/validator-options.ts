import type { Options } from 'ajv'

/**
 * The options for compiling the schema of topology files. `verbose` adds the schema node, from which a finding derives
 * the expected value.
 */
export const VALIDATOR_OPTIONS: Options = { allErrors: true, verbose: true, strict: true, allowUnionTypes: true }
