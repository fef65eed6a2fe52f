import { describe, expect, it } from 'vitest'
import { MOST_BYTES, commentMarker, resultMarkdown } from '../../../src/render/markdown/result-markdown.ts'
import { blockedPlan, commandResult, wrongKey } from '../../builders/command-result.ts'
import { queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

describe('resultMarkdown', () => {
  it('shows the table of runs, then what blocks a plan, then its changes', () => {
    expect(resultMarkdown(commandResult('plan', { plan: blockedPlan, environment: 'prod' }))).toMatchInlineSnapshot(`
      "<!-- warren plan: prod / shop -->

      ## warren plan

      | Environment | Project | Create | Update | Replace | Delete | Adopt | Blocked | Result |
      | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
      | prod | shop | 1 | 0 | 1 | 0 | 0 | 1 | ⛔ blocked |

      Environment \`prod\` · Broker \`rabbit@test\` at \`http://mq.test:15672\` (RabbitMQ 4.3.6) · Project \`shop\`

      **1 to create, 1 to replace, 1 blocked, 1 unchanged**

      **Errors (1)**

      - queue:%2F/invoices: RabbitMQ cannot change type in place: replacing it would lose 1,204 messages (\`needs-replacement\`) \`shop/topology.yaml:31:3\`
        - keep the messages with \`--migrate queue:%2F/invoices\` or accept their loss with \`--allow replace=queue:%2F/invoices\`

      **Changes (2)**

      \`\`\`diff
      @@ vhost / @@
      + exchange events                                     topic, durable            shop/topology.yaml:4:3
      - replace queue  invoices                                                             shop/topology.yaml:31:3
            type                     classic -> quorum   ! cannot be changed in place
            ! 1,204 messages on the live queue
      \`\`\`

      Digest \`71c1f28f4d1e95931b96ab2e3d07d2b1a0a4c07f1a0224398467d9efbcdbe684\`
      "
    `)
  })

  it('folds the runs when there are several, and unfolds those that are blocked', () => {
    const empty = planOf(topology({}), topology({}))
    const text = resultMarkdown(
      commandResult('plan', { plan: empty, environment: 'dev' }, { plan: blockedPlan, environment: 'prod' }),
    )

    expect(text).toContain('<details><summary><b>dev / shop</b>')
    expect(text).toContain('<details open><summary><b>prod / shop</b>')
  })

  it.each([[5_000], [50_000]])('fits %i changes into a comment, with the table first', (count) => {
    const names = Array.from({ length: count }, (_, index) => `orders-${index}`)
    const plan = planOf(topology({}), topology({ queues: names.map((name) => queue(name)) }))
    const text = resultMarkdown(commandResult('plan', { plan }))

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES)
    expect(text.split('\n').findIndex((line) => line.startsWith('| Project'))).toBeLessThan(6)
    expect(text).toContain(`| shop | ${count} | 0 | 0 | 0 | 0 |`)
  })

  it('loses detail in steps: values, properties, objects', () => {
    const queues = Array.from({ length: 40 }, (_, index) => `q${index}`)
    const plan = planOf(
      topology({ queues: queues.map((name) => queue(name, { arguments: { 'x-max-length': 5 } })) }),
      topology({ queues: queues.map((name) => queue(name, { arguments: { 'x-max-length': 1234567 } })) }),
    )
    const result = commandResult('plan', { plan: { ...plan, blocks: [] } })
    const sizeOf = (text: string) => Buffer.byteLength(text)
    const full = resultMarkdown(result, Infinity)
    const properties = resultMarkdown(result, sizeOf(full) - 1)
    const objects = resultMarkdown(result, sizeOf(properties) - 1)
    const summary = resultMarkdown(result, sizeOf(objects) - 1)

    expect(full).toContain('5 -> 1234567')
    expect(properties).not.toContain('1234567')
    expect(properties).toContain('arguments.x-max-length')
    expect(objects).not.toContain('arguments.x-max-length')
    expect(objects).toContain('replace queue q39')
    expect(summary).not.toContain('q39')
    expect(summary).toContain('| `/` | queue | replace | 40 |')
  })

  it('shows names unchanged, even with characters that have a meaning in Markdown', () => {
    const name = 'a|b`c`<img>*d*@team'
    const plan = planOf(topology({}), topology({ queues: [queue(name)] }))
    const text = resultMarkdown(commandResult('plan', { plan, project: 'x|<b>', findings: [wrongKey] }))

    expect(text).toContain('| x\\|\\<b\\> |')
    expect(text).toContain('unknown key "a\\<b\\>\\|"c", 100%"')
    expect(text).not.toMatch(/^[^+]*<img>/m)
  })

  it('does not let the name of a project end an HTML comment', () => {
    const marker = commentMarker(commandResult('plan', { project: 'a--><script>' }))

    expect(marker).toBe('<!-- warren plan: a%2D%2D%3E%3Cscript%3E -->')
  })
})
