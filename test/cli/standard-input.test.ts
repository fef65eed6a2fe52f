import { describe, expect, it } from 'vitest'
import { command } from '../integration/support/command-in-process.ts'

const TOPOLOGY = 'warren: 1\nproject: shop\nqueues:\n  email:\n'

describe('a topology on standard input', () => {
  it('is checked like a file, in YAML and in JSON', async () => {
    const valid = {
      code: 0,
      stdout: 'valid  project shop: 0 exchanges, 1 queue, 0 bindings, 0 users, 0 publications, 0 subscriptions\n',
      stderr: '',
    }

    expect(await command(['validate', '-'], {}, TOPOLOGY)).toEqual(valid)
    const json = JSON.stringify({ warren: 1, project: 'shop', queues: { email: null } })
    expect(await command(['validate', '-'], {}, json)).toEqual(valid)
  })

  it('has positions in its findings', async () => {
    const { code, stderr } = await command(['validate', '-'], {}, TOPOLOGY.replace('queues', 'queue'))

    expect(code).toBe(3)
    expect(stderr).toContain('<stdin>:3:1')
  })

  it('can be an overlay, but not both', async () => {
    const file = ['topologies/email-pipeline.yaml', '--overlay', '-']
    expect(await command(['validate', ...file], {}, 'queues: { more: { new: true } }')).toMatchObject({ code: 0 })
    expect(await command(['validate', '-', '--overlay', '-'], {}, TOPOLOGY)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('standard input cannot be both a topology and an overlay'),
    })
  })

  it('is refused if the command would ask a question, before anything is done', async () => {
    for (const [args, how] of [
      [['apply', '-'], '--auto-approve'],
      [['destroy', '-'], '--confirm PROJECT'],
      [['dlq', 'purge', 'email', '-'], '--confirm QUEUE'],
      [['dlq', 'replay', 'email', '-'], '--auto-approve'],
    ] as const) {
      expect(await command(args, {}, TOPOLOGY)).toEqual({
        code: 3,
        stdout: '',
        stderr: `error  standard input is a topology, so you cannot answer the question there\n       pass ${how}, or name a file\n`,
      })
    }
  })

  it('is refused by show as a saved plan', async () => {
    expect(await command(['show', '-'], {}, TOPOLOGY)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('it is not JSON'),
    })
  })
})
