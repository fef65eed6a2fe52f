import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HEADER_KEYS } from '../../../../src/desired/declaration/sections.ts'
import { topologySchema } from '../../../../src/desired/declaration/schema/schema.ts'
import { testSchema, type Node } from '../../schema-nodes.ts'

const schema: Node = topologySchema
const documentTypes = readFileSync(new URL('../../../../src/desired/declaration/document.ts', import.meta.url), 'utf8')

/** The properties of an interface of document.ts. */
function propertiesOf(name: string): string[] {
  const header = String.raw`interface ${name}(?: extends (Description|Pick<Description, 'labels'>))? \{`
  const [, base, body = ''] = new RegExp(`${header}\\n(.*?)\\n\\}`, 's').exec(documentTypes) ?? []
  const inherited = base === undefined ? [] : base === 'Description' ? ['description', 'labels'] : ['labels']
  const own = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, property = '']) => property)
  return [...own, ...inherited].toSorted()
}

describe('schemas/topology.schema.json', () => {
  testSchema(schema, {
    atLeast: 100,
    open: [
      '#/parameters/*',
      '#/globalParameters',
      '#/shovel',
      '#/upstream',
      '#/upstreamSetMember',
      '#/shape/exchanges',
      '#/shape/queues',
      '#/shape/users',
      '#/shape/publications',
      '#/shape/requests',
      '#/shape/subscriptions',
    ],
  })

  it.each([
    ['VhostSection', 'vhost'],
    ['ExchangeSection', 'exchange'],
    ['QueueSection', 'queue'],
    ['RetrySection', 'retry'],
    ['DeadLetterSection', 'deadLetter'],
    ['BindingSection', 'binding'],
    ['UserSection', 'user'],
    ['PublicationSection', 'publication'],
    ['MessageSection', 'message'],
    ['SubscriptionSection', 'subscription'],
    ['PolicySection', 'policy'],
    ['SuperStreamSection', 'superStream'],
  ])('has the properties of %s, and those that are expanded before', (type, definition) => {
    const properties = Object.keys(schema.definitions?.[definition]?.properties ?? {}).toSorted()

    expect(properties.filter((key) => !['template', 'forEach', 'new'].includes(key))).toEqual(propertiesOf(type))
  })

  it('has the sections of VhostDeclaration', () => {
    const sections = propertiesOf('VhostDeclaration').filter((key) => !['name', 'origin', 'claim'].includes(key))

    expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual([...HEADER_KEYS, ...sections].toSorted())
  })
})
