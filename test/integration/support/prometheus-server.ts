import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { prometheusPrograms } from '../../../scripts/programs/find-programs.js'
import { freePorts } from '../../../src/testing/throwaway/node/free-ports.ts'
import { startServer } from '../../databases/own-server.ts'

/** Starts a Prometheus that scrapes a service, with the alert rules of `deploy`. */
export async function startPrometheus(service: string) {
  const programs = prometheusPrograms()
  if (programs === undefined) throw new Error('Prometheus is not installed: run `npm run setup:tests`')
  const folder = await mkdtemp(join(tmpdir(), 'warren-prometheus-'))
  const [port = 0] = await freePorts(1)
  await writeFile(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${JSON.stringify(resolve('deploy/prometheus/warren-alerts.yaml'))}]
scrape_configs: [{ job_name: warren, static_configs: [{ targets: [${JSON.stringify(new URL(service).host)}] }] }]
`,
  )
  const args = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`]
  const url = `http://127.0.0.1:${port}`
  const server = await startServer(programs.server, [...args, `--web.listen-address=127.0.0.1:${port}`], {
    answers: () =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    stopSignal: 'SIGTERM',
  })
  onTestFinished(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })
  return async (path: string) => ((await (await fetch(url + path)).json()) as { data: never }).data
}
