import { describe, expect, it } from 'vitest'
import { freshVhost } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { warren } from '../support/warren-in-process.ts'

/** The forms into which proxies change `%2F` in a path, if they change it. */
const DECODERS = {
  'a slash': (path: string) => path.replaceAll(/%2F/gi, '/'),
  'a slash, of which two become one': (path: string) => path.replaceAll(/%2F/gi, '/').replaceAll(/\/{2,}/g, '/'),
}

const MESSAGE =
  /^error {2}a proxy between warren and the broker at http:\S+ decodes %2F in paths, so that GET \/api\/.*%2F/m

async function topologyIn(vhost: string): Promise<string> {
  return files({ 'topology.yaml': `warren: 1\nproject: shop\nvhost: ${vhost}\nqueues:\n  q: { type: classic }\n` })
}

describe('a proxy that decodes %2F', () => {
  it.each(Object.entries(DECODERS))('is named when it turns the path into %s', async (_what, decode) => {
    await using proxy = await faultProxy(() => undefined, { rewrite: decode })
    for (const vhost of ['/', await freshVhost(undefined, 'a/b')]) {
      const folder = await topologyIn(vhost)
      for (const args of [['plan'], ['apply', '-y'], ['destroy', '--confirm', 'shop']]) {
        const ended = await warren([...args, 'topology.yaml'], { folder, environment: { WARREN_URL: proxy.url } })
        expect({ vhost, args, code: ended.code }).toEqual({ vhost, args, code: 6 })
        expect(ended.stderr).toMatch(MESSAGE)
      }
    }
  })

  it('does not matter to a vhost whose names contain no slash', async () => {
    await using proxy = await faultProxy(() => undefined, { rewrite: DECODERS['a slash'] })
    const folder = await topologyIn(await freshVhost())
    const ended = await warren(['plan', 'topology.yaml'], { folder, environment: { WARREN_URL: proxy.url } })

    expect(ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('is not suspected if a proxy forwards paths unchanged', async () => {
    await using proxy = await faultProxy(() => undefined)
    const folder = await topologyIn(await freshVhost(undefined, 'a/b'))
    const ended = await warren(['plan', 'topology.yaml'], { folder, environment: { WARREN_URL: proxy.url } })

    expect(ended).toMatchObject({ code: 0, stderr: '' })
  })
})
