import { describe, expect, it } from 'vitest'
import { command } from '../../integration/support/command-in-process.ts'

const TENANTS = `warren: 1
project: tenants
forEach: { tenant: [acme, globex] }
vhost: '\${tenant}'
exchanges: { events: { type: topic } }
queues:
  orders: { type: quorum, deadLetter: true, bindings: [{ exchange: events, routingKey: order }] }
publications: { order: { exchange: events, routingKey: order } }
subscriptions: { orders: { queue: orders } }
`

const compiled = (...args: readonly string[]) => command(['compile', '-', ...args], {}, TENANTS)

describe('compile --vhost NAME', () => {
  it('keeps the names of other tenants out of the file', async () => {
    const { code, stdout, stderr } = await compiled('--vhost', 'acme')

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toContain('globex')
    const only = await command(['compile', '-'], {}, TENANTS.replace('[acme, globex]', '[acme]'))
    expect(stdout).toBe(only.stdout)
  })

  it('compiles all virtual hosts if it is absent, and two if it names two', async () => {
    expect((await compiled()).stdout).toBe((await compiled('--vhost', 'globex', '--vhost', 'acme')).stdout)
  })

  it('takes the name after a mapping', async () => {
    const { stdout } = await compiled('--vhost', 'acme=preview', '--vhost', 'preview')

    expect(JSON.parse(stdout)).toMatchObject({ vhosts: [{ name: 'preview' }] })
    expect(stdout).not.toContain('globex')
  })

  it('suggests the most similar virtual host', async () => {
    expect(await compiled('--vhost', 'acmee')).toEqual({
      code: 3,
      stdout: '',
      stderr: 'error  the files declare no virtual host "acmee"\n       did you mean "acme"?\n',
    })
  })
})
