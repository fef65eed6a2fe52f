import { describe, expect, it } from 'vitest'
import { topologyOptions } from '../../../src/cli/options/topology-options.ts'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'

const io = { environment: {}, secrets: new SecretRegistry() } as Parameters<typeof topologyOptions>[2]

describe('--vhost and --var', () => {
  it('refuse a second, different value for one name, because the first would be ignored', () => {
    expect(() => topologyOptions(['t.yaml'], { vhost: ['a=b', 'a=c'] }, io)).toThrow(
      '--vhost a= occurs twice with different values',
    )
    expect(() => topologyOptions(['t.yaml'], { var: ['size=1', 'size=2'] }, io)).toThrow(
      '--var size= occurs twice with different values',
    )
  })

  it('accept the same value twice', () => {
    expect(topologyOptions(['t.yaml'], { vhost: ['a=b', 'a=b'], var: ['size=1'] }, io)).toMatchObject({
      vhosts: { a: 'b' },
      variables: { size: '1' },
    })
  })
})
