import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

/** A shell in which `rabbitmqctl` and `warren` work on a broker, as in the commands of a report. */
export function shellOf(folder, { broker, node, connection }) {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const { file, environment } = broker.controlProgram
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`)
  const control = ['#!/bin/sh', ...variables, `exec '${file}' --quiet --node '${node.name}' "$@"`]
  writeFileSync(join(bin, 'rabbitmqctl'), `${control.join('\n')}\n`, { mode: 0o755 })
  // Confirms each change, as a person would do.
  const warren = `#!/bin/sh\ncommand=$1\nshift\nyes=\nif [ "$command" = apply ]; then yes=-y; fi\nexec '${process.execPath}' '${CLI}' "$command" "$@" $yes\n`
  writeFileSync(join(bin, 'warren'), warren, { mode: 0o755 })
  const loginOf = ({ connection: { user, password } }) => `${user}:${encodeURIComponent(password)}`
  const url = connection.url.replace('://', `://${loginOf({ connection })}@`)
  const env = { ...process.env, WARREN_URL: url, PATH: `${bin}${delimiter}${process.env['PATH']}` }
  const shell = (command) => {
    try {
      execFileSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' })
    } catch (error) {
      throw new Error(`${command}\n${error.stdout}\n${error.stderr}`, { cause: error })
    }
  }
  return Object.assign(shell, { node: process.execPath, cli: CLI, loginOf })
}
