import { describe, expect, it } from 'vitest'
import { compressBody, decompressBody, isEncodingSupported } from '../../../src/broker/amqp/messages/body-encoding.ts'
import { checkEncodings } from '../../../src/runtime/routes/check-encodings.ts'
import { publication, subscription } from '../routes.ts'

const ROUTES = { publications: [publication({ message: { encoding: 'zstd' } })], subscriptions: [subscription()] }

describe('the encodings of routes', () => {
  it('are valid if they are gzip, or if none is declared', () => {
    const routes = { publications: [publication()], subscriptions: [subscription({ message: { encoding: 'gzip' } })] }
    expect(() => checkEncodings(routes)).not.toThrow()
  })

  it.runIf(isEncodingSupported('zstd'))('may be zstd if Node.js supports it', () => {
    const content = Buffer.from('{"to":"ann"}')
    expect(() => checkEncodings(ROUTES)).not.toThrow()
    expect(decompressBody(compressBody(content, 'zstd'), 'zstd', 100)).toEqual({ content })
    expect(decompressBody(compressBody(Buffer.alloc(1_000_000), 'zstd'), 'zstd', 100)).toEqual({
      wrong: 'it has more than 100 bytes when decompressed',
    })
  })

  it.runIf(!isEncodingSupported('zstd'))('cannot be zstd on a Node.js without it, which is an error of connect', () => {
    expect(() => checkEncodings(ROUTES)).toThrow(
      expect.objectContaining({
        code: 'NOT_SUPPORTED',
        message: expect.stringContaining(`"send-email" has the encoding zstd, which Node.js ${process.versions.node}`),
      }),
    )
    expect(decompressBody(Buffer.from(''), 'zstd', 100)).toEqual({
      wrong: 'its content-encoding is zstd, which needs Node.js 22.15',
    })
  })
})
