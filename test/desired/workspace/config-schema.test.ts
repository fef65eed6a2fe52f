import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../../src/desired/workspace/config-schema.ts'
import { testSchema, type Node } from '../schema-nodes.ts'

const schema: Node = configSchema

describe('schemas/config.schema.json', () => {
  testSchema(schema, { atLeast: 20, open: [] })

  it('has exactly the keys that the reference describes', () => {
    const page = readFileSync(new URL('../../../docs/reference/config.md', import.meta.url), 'utf8')
    const described = [...page.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, key]) => String(key)),
    )
    const keys = ['project', 'environment', 'drift'].flatMap((name) =>
      Object.keys(schema.definitions?.[name]?.properties ?? {}),
    )

    expect(described.toSorted()).toEqual([...keys, 'defaultEnvironment'].toSorted())
  })
})
