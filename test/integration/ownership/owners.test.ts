import { describe, expect, it } from 'vitest'
import { freshName, freshVhost } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

describe('warren owners', () => {
  it('lists who owns what, by address or glob, and plans name vhosts that no document names any more', async () => {
    const [first, second] = [await freshVhost(), await freshVhost()]
    const project = freshName('project')
    const text = (vhost: string, queue: string) =>
      `warren: 1\nproject: ${project}\nvhost: ${vhost}\nqueues:\n  ${queue}: { type: classic, protect: true }\n`
    const folder = await files({ 'all/a.yaml': text(first, 'a'), 'all/b.yaml': text(second, 'b') })
    expect(await warren(['apply', '-y', 'all'], { folder })).toMatchObject({ code: 0 })

    expect(await warren(['owners', `queue:${first}/*`], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        new RegExp(`^queue:${first}/a +owned, protected +${project}\\nOwners  1 object\\n$`),
      ),
    })
    const json = await warren(['owners', `queue:${first}/a`, `queue:${second}/b`, '--format', 'json'], { folder })
    expect(JSON.parse(json.stdout)).toEqual({
      format: 1,
      owners: [
        { address: `queue:${first}/a`, project, state: 'owned', protected: true, vhosts: [first] },
        { address: `queue:${second}/b`, project, state: 'owned', protected: true, vhosts: [second] },
      ].toSorted((one, other) => (one.address < other.address ? -1 : 1)),
    })
    expect(await warren(['plan', '--detailed-exitcode', 'all/a.yaml'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Elsewhere  ${second}: 1 owned`),
    })
  })
})
