import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { rolldown } from 'rolldown'

/**
 * Replaces `desired/declaration/schema/topology-validator.js` of a build by one that has the check of the schema as code already.
 *
 * @param {string} dist the folder of the build
 */
export async function compileValidator(dist) {
  const file = join(dist, 'desired/declaration/schema/topology-validator.js')
  const entry = join(dist, 'desired/declaration/schema/topology-validator.entry.js')
  const check = join(dist, 'desired/declaration/schema/topology-validator.cjs')
  const { VALIDATOR_OPTIONS } = await import(
    pathToFileURL(join(dist, 'desired/declaration/schema/validator-options.js')).href
  )
  const schema = JSON.parse(readFileSync(new URL('../../schemas/topology.schema.json', import.meta.url), 'utf8'))
  const ajv = new Ajv({ ...VALIDATOR_OPTIONS, code: { source: true } })

  // The code asks for parts of ajv by `require`, which the bundle resolves.
  writeFileSync(check, standalone.default(ajv, ajv.compile(schema)))
  writeFileSync(
    entry,
    "import validate from './topology-validator.cjs'\nexport function topologyValidator() {\n  return validate\n}\n",
  )
  const bundle = await rolldown({ input: entry, platform: 'node' })
  await bundle.write({ file, format: 'esm' })
  await bundle.close()
  rmSync(check)
  rmSync(entry)
}
