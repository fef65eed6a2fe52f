import { describe, expect, it } from 'vitest'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'
import { recordName } from '../../../src/model/generated-names.ts'

describe('warren release', () => {
  it('gives up ownership by changing only records after a confirmation, and asks for the project if several match', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const [project, other] = [freshName('project'), freshName('project')]
    const text = (name: string, queue: string) =>
      `warren: 1\nproject: ${name}\nvhost: ${vhost}\nqueues:\n  ${queue}: { type: classic }\n`
    const folder = await files({
      'a.yaml': text(project, 'a'),
      'b.yaml': text(other, 'b'),
      'less.yaml': text(project, 'c'),
    })
    for (const path of ['a.yaml', 'b.yaml'])
      expect(await warren(['apply', '-y', path], { folder })).toMatchObject({ code: 0 })

    expect(await warren(['release', `queue:${vhost}/*`, '-y'], { folder })).toMatchObject({ code: 3 })
    expect(await warren(['release', `queue:${vhost}/a`], { folder })).toMatchObject({ code: 8 })
    expect(await warren(['release', `queue:${vhost}/*`, '--project', project, '-y'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Released 1'),
    })

    expect(await api.get(['global-parameters', recordName({ project, vhost })])).toBeUndefined()
    expect(await warren(['apply', '-y', '--prune', 'less.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await api.get(['queues', vhost, 'a'])).toMatchObject({ name: 'a' })
    expect(await warren(['release', `queue:${vhost}/a`, '-y'], { folder })).toMatchObject({
      code: 0,
      stdout: `queue:${vhost}/a has no owner; there is nothing to release.\n`,
    })
  })

  it('refuses invalid addresses before anything is released, and reports objects that were already released', async () => {
    const vhost = await freshVhost()
    const [project, other] = [freshName('project'), freshName('project')]
    const folder = await files({
      'a.yaml': `warren: 1\nproject: ${project}\nvhost: ${vhost}\nqueues:\n  orders: { type: classic }\n  "in@out": { type: classic }\n`,
      'b.yaml': `warren: 1\nproject: ${other}\nvhost: ${vhost}\nqueues:\n  theirs: { type: classic }\n`,
    })
    for (const path of ['a.yaml', 'b.yaml'])
      expect(await warren(['apply', '-y', path], { folder })).toMatchObject({ code: 0 })
    const release = (...args: readonly string[]) => warren(['release', ...args, '-y'], { folder })
    const owners = async () => (await warren(['owners', `queue:${vhost}/*`], { folder })).stdout.split('\n').length

    const before = await owners()
    expect(await release(`queue:${vhost}/orders`, `queue:${vhost}/in@otu`)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`did you mean queue:${vhost}/in@out?`),
    })
    expect(await release(`queue:${vhost}/orders`, `exchange:${vhost}/o*`)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`exchange:${vhost}/o* matches nothing`),
    })
    expect(await release(`queue:${vhost}/theirs`, '--project', project)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`does not own queue:${vhost}/theirs, which is owned by the project "${other}"`),
    })
    expect(await warren(['owners', `queue:${vhost}/order`], { folder })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`did you mean queue:${vhost}/orders?`),
    })
    expect(await owners()).toBe(before)

    expect(await release(`queue:${vhost}/in%40out`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Released 1'),
    })
    expect(await release(`queue:${vhost}/in@out`, `queue:${vhost}/orders`, '--format', 'json')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`"withoutOwner": [\n    "queue:${vhost}/in@out"\n  ]`),
    })
    expect(await release(`queue:${vhost}/o*`)).toMatchObject({
      code: 0,
      stdout: `Everything that matches queue:${vhost}/o* has no owner; there is nothing to release.\n`,
    })
  })
})
