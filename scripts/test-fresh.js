import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// Runs all tests on every series of RabbitMQ every night, with fresh seeds and several times as many random cases as
// a CI run. A failed test prints its seed.
//
//   npm run test:fresh -- [SERIES...]

const root = fileURLToPath(new URL('..', import.meta.url))
const environment = { WARREN_THOROUGH: '3', ...process.env }
for (const name of Object.keys(environment)) if (/^WARREN_\w+_SEED$/.test(name)) delete environment[name]

const named = process.argv.slice(2)
const series = named.length > 0 ? named : ['4.0', '4.3']
const runs = [
  ['node_modules/vitest/vitest.mjs', 'run'],
  ['scripts/test-matrix.js', '--all', ...series],
]
const codes = runs.map(
  (args) => spawnSync(process.execPath, args, { cwd: root, env: environment, stdio: 'inherit' }).status,
)
process.exitCode = codes.find((code) => code !== 0) ?? 0
