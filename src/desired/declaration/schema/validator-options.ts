import type { Options } from 'ajv'

/** How the schema of topology files is compiled. `verbose` names the node of the schema, of which a finding says what it expects. */
export const VALIDATOR_OPTIONS: Options = { allErrors: true, verbose: true, strict: true, allowUnionTypes: true }
