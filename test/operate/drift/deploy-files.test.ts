import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { prometheusPrograms } from '../../../scripts/programs/find-programs.js'
import { driftMetrics } from '../../../src/operate/drift/drift-metrics.ts'

const METRICS = new Set(driftMetrics([], 0).map(({ name }) => name))
const GUIDE = await readFile('docs/how-to/drift-service.md', 'utf8')

function unknownMetricsIn(text: string): readonly string[] {
  return [...text.matchAll(/\bwarren_[a-z_]+/g)].map(([name]) => name).filter((name) => !METRICS.has(name))
}

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly runbook: string }
}

describe('the files for Prometheus and Grafana', () => {
  it('use only metrics of the drift service', async () => {
    const dashboard = await readFile('deploy/grafana/warren-dashboard.json', 'utf8')
    const { groups } = parse(await readFile('deploy/prometheus/warren-alerts.yaml', 'utf8')) as {
      groups: readonly { rules: readonly Rule[] }[]
    }
    const rules = groups.flatMap((group) => group.rules)

    expect(rules.length).toBeGreaterThan(5)
    expect(unknownMetricsIn(rules.map(({ expr }) => expr).join('\n'))).toEqual([])
    const { panels } = JSON.parse(dashboard) as { panels: readonly { targets: readonly { expr: string }[] }[] }
    const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
    expect(unknownMetricsIn(queries.join('\n'))).toEqual([])
    expect(queries.length).toBeGreaterThan(10)
  })

  it('have a section of the runbook and a test for each alert', async () => {
    const text = await readFile('deploy/prometheus/warren-alerts.yaml', 'utf8')
    const tests = await readFile('deploy/prometheus/warren-alerts.test.yaml', 'utf8')
    const { groups } = parse(text) as { groups: readonly { rules: readonly Rule[] }[] }

    for (const { alert, annotations } of groups.flatMap(({ rules }) => rules)) {
      expect(annotations.runbook).toBe(`docs/how-to/drift-service.md#${alert.toLowerCase()}`)
      expect(GUIDE).toContain(`\n### ${alert}\n`)
      expect(tests).toContain(`alertname: ${alert}\n        exp_alerts:`)
    }
  })

  it('pass the checks of promtool', async () => {
    const programs = prometheusPrograms()
    if (programs === undefined) throw new Error('Prometheus is not installed: run `npm run setup:tests`')
    const promtool = (...args: readonly string[]) => promisify(execFile)(programs.promtool, [...args])

    const { stdout } = await promtool('check', 'rules', 'deploy/prometheus/warren-alerts.yaml')
    expect(stdout).toContain('SUCCESS: 9 rules found')
    await promtool('test', 'rules', 'deploy/prometheus/warren-alerts.test.yaml')
  })

  it('are about metrics that the guide describes', () => {
    const described = new Set([...GUIDE.matchAll(/`(warren_[a-z_]+)`/g)].map(([, name]) => String(name)))

    expect([...METRICS].filter((name) => !described.has(name))).toEqual([])
    expect([...described].filter((name) => !METRICS.has(name))).toEqual([])
  })
})

const ANALYZE = '/usr/bin/systemd-analyze'

// Only Linux distributions with systemd have its checker.
describe.runIf(existsSync(ANALYZE))('the unit for systemd', () => {
  it('passes the check of systemd, and a mistyped setting does not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warren-unit-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const unit = await readFile('deploy/systemd/warren-drift.service', 'utf8')
    const verify = async (text: string) => {
      const path = join(folder, 'warren-drift.service')
      // The checker looks for the program, which is not installed here.
      await writeFile(path, text.replace('/usr/local/bin/warren', process.execPath))
      return (await promisify(execFile)(ANALYZE, ['verify', '--man=no', path])).stderr
    }

    expect(await verify(unit)).toBe('')
    expect(await verify(unit.replace('ProtectHome', 'ProtectHomes'))).toContain('ProtectHomes')
  })
})
