import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { watchSettings } from '../../../src/cli/drift/watch-flags.ts'
import { silentIo } from '../../builders/silent-io.ts'

const CONFIG = `warrenConfig: 1
projects: { shop: { paths: [shop.yaml] } }
drift:
  interval: 30s
  listen: ':9000'
  state: drift.json
  events: /
  webhooks: [{ url: 'http://127.0.0.1/hook' }]
`

/** Writes a config, and reads the settings of the service from it. */
async function settingsOf(config: string, flags: Parameters<typeof watchSettings>[1] = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'warren-watch-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'warren.config.yaml'), config)
  const settings = await watchSettings([], { config: join(folder, 'warren.config.yaml'), ...flags }, silentIo())
  return { folder, settings }
}

it('takes the settings of the drift service from the config', async () => {
  const { folder, settings } = await settingsOf(CONFIG)

  expect(settings).toMatchObject({
    interval: 30_000,
    listen: { host: '', port: 9_000 },
    state: join(folder, 'drift.json'),
    events: '/',
    apply: false,
  })
  expect(settings.webhooks).toHaveLength(1)
})

it('prefers options to the config, and receives no events of the broker by default', async () => {
  const flags = { interval: '5s', listen: 'off', state: 'other.json', apply: true }

  expect((await settingsOf(CONFIG, flags)).settings).toMatchObject({
    interval: 5_000,
    state: 'other.json',
    apply: true,
  })
  expect((await settingsOf(CONFIG, flags)).settings).not.toHaveProperty('listen')
  expect((await settingsOf(CONFIG.replace('  events: /\n', ''))).settings).not.toHaveProperty('events')
})
