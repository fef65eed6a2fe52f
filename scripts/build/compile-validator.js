import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { rolldown } from 'rolldown'

/** The files that compile a schema, with the function that each exports and the schema. */
const VALIDATORS = [
  { path: 'desired/declaration/schema/topology-validator', name: 'topologyValidator', schema: 'topology' },
  { path: 'desired/workspace/config-validator', name: 'configValidator', schema: 'config' },
  { path: 'desired/tests/tests-validator', name: 'testsValidator', schema: 'tests' },
]

/**
 * Replaces the built files that compile a schema with files that contain the check of the schema as code.
 *
 * @param {string} dist the folder of the build
 */
export async function compileValidators(dist) {
  for (const validator of VALIDATORS) await compileValidator(dist, validator)
}

/**
 * @param {string} dist
 * @param {typeof VALIDATORS[number]} validator
 */
async function compileValidator(dist, { path, name, schema: of }) {
  const file = join(dist, `${path}.js`)
  const entry = join(dist, `${path}.entry.js`)
  const check = join(dist, `${path}.cjs`)
  const { VALIDATOR_OPTIONS, withOneErrorList } = await import(
    pathToFileURL(join(dist, 'desired/declaration/schema/validator-options.js')).href
  )
  const schema = JSON.parse(readFileSync(new URL(`../../schemas/${of}.schema.json`, import.meta.url), 'utf8'))
  const ajv = new Ajv({ ...VALIDATOR_OPTIONS, code: { source: true } })

  // The code asks for parts of ajv by `require`, which the bundle resolves.
  writeFileSync(check, withOneErrorList(standalone.default(ajv, ajv.compile(schema))))
  writeFileSync(
    entry,
    `import validate from './${basename(path)}.cjs'\nexport function ${name}() {\n  return validate\n}\n`,
  )
  const bundle = await rolldown({ input: entry, platform: 'node' })
  // Generated code is a quarter of all loaded code, and its names are not useful in a stack trace.
  await bundle.write({ file, format: 'esm', minify: true })
  await bundle.close()
  rmSync(check)
  rmSync(entry)
}
