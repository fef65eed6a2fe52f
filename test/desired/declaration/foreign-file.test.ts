import { describe, expect, it } from 'vitest'
import { explainFinding as sentenceOf } from '../../../src/diagnostics/findings/finding.ts'
import { declare } from '../../../src/desired/declaration/declare.ts'

async function messagesOf(value: unknown): Promise<string[]> {
  const sources = [{ path: 'file.json', text: JSON.stringify(value, null, 1) }]
  const input = { sources, overlays: [], environment: {}, variables: {}, vhosts: {} }
  return (await declare(input)).findings.map((each) => sentenceOf(each).message)
}

describe('a file that is not a topology', () => {
  it.each([
    [
      'a definitions file that RabbitMQ exported',
      { rabbitmq_version: '4.0.5', vhosts: [{ name: '/' }], queues: [{ name: 'q', vhost: '/' }] },
    ],
    ['a definitions file that RabbitMQ exported', { queues: [{ name: 'q' }], exchanges: [{ name: 'e' }] }],
    ['a saved plan', { format: 1, project: 'shop', changes: [], digest: '01234567' }],
    ['the report of an apply', { format: 1, digest: '01234567', outcomes: [] }],
    ['the configuration of a workspace', { warrenConfig: 1, projects: {} }],
    ['a test file', { warrenTests: 1, routes: [] }],
    ['a template file', { warrenTemplates: 1, templates: {} }],
    ['a compiled topology', { format: 1, project: 'shop', queues: [], exchanges: [], routes: {} }],
  ])('is called %s in one finding', async (what, value) => {
    expect(await messagesOf(value)).toEqual([`file.json is ${what}, and not a topology file`])
  })

  it('is read as a topology if it has a header, or only one list', async () => {
    expect(await messagesOf({ warren: 1, project: 'shop', rabbitmq_version: '4.0.5' })).toHaveLength(1)
    expect((await messagesOf({ queues: [] })).join()).not.toContain('not a topology file')
  })
})
