import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connectionVariables, startBroker } from 'warren/testing'

// `node --test` runs each file in a process of its own, and has no set-up for all of them in Node.js 20: so this program
// starts the broker, and the files share it by the variables that they inherit.
const broker = await startBroker()
const tests = spawn(process.execPath, ['--test', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...connectionVariables(broker) },
})
const [code] = await once(tests, 'exit')
await broker.stop()
process.exitCode = code ?? 1
