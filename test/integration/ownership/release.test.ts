import { describe, expect, it } from 'vitest'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'
import { recordName } from '../../../src/model/generated-names.ts'

describe('warren release', () => {
  it('gives up ownership by records alone, once it is confirmed, and asks whose where several projects match', async () => {
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
    expect(await warren(['release', `queue:${vhost}/a`, '-y'], { folder })).toMatchObject({ code: 0 })
  })
})
