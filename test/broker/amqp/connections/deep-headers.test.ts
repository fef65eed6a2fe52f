import { describe, expect, it } from 'vitest'
import { DEEPEST_READ, withoutDeepHeaders } from '../../../../src/broker/amqp/connections/deep-headers.ts'
import { contentHeader, nestedTable, textHeader } from '../raw-frames.ts'

describe('withoutDeepHeaders', () => {
  it('empties headers that are nested too deeply, and keeps all other bytes', () => {
    const before = [textHeader('before', 'a'), nestedTable('flat', DEEPEST_READ)]
    const after = textHeader('after', 'b')
    const properties = { contentType: 'text/plain', contentEncoding: 'gzip', messageId: 'm1' }
    const void_ = (name: string) => Buffer.concat([Buffer.of(name.length), Buffer.from(name), Buffer.from('V')])

    expect(
      withoutDeepHeaders(
        Buffer.concat([
          contentHeader(properties, [...before, nestedTable('deep', 20_000), after]),
          Buffer.from('the next frame'),
        ]),
      ),
    ).toEqual({ frame: contentHeader(properties, [...before, void_('deep'), after]), names: ['deep'] })
  })

  it('finds nothing to replace in other frames', () => {
    expect(withoutDeepHeaders(contentHeader({}, [nestedTable('flat', DEEPEST_READ)]))).toBeUndefined()
    expect(withoutDeepHeaders(Buffer.from([1, 0, 1, 0, 0, 0, 0, 0xce]))).toBeUndefined()
  })
})
