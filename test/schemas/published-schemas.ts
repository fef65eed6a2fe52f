import { readFile } from 'node:fs/promises'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

/** The parts of a JSON Schema that the tests use. */
export interface Schema {
  readonly [keyword: string]: unknown
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly anyOf?: readonly Schema[]
  readonly $defs?: Readonly<Record<string, Schema>>
}

const PUBLISHED = [
  'plan',
  'report',
  'validation',
  'runs',
  'survey',
  'lint',
  'checkup',
  'upgrade',
  'trace',
  'breaking',
  'test-results',
] as const

/** A schema in the folder `schemas`, by name. */
export async function publishedSchema(name: (typeof PUBLISHED)[number]): Promise<Schema> {
  const url = new URL(`../../schemas/${name}.schema.json`, import.meta.url)
  return JSON.parse(await readFile(url, 'utf8')) as Schema
}

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowMatchingProperties: true })
for (const name of PUBLISHED) ajv.addSchema(await publishedSchema(name))

/** The violations of a schema by a value, after its serialization as JSON. */
export function problemsOf(reference: string, value: unknown): string[] {
  const validate = ajv.getSchema(reference) as ValidateFunction
  validate(JSON.parse(JSON.stringify(value)))
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  )
}
