import type { BackgroundBroker } from '../../operations/operate/background-broker.ts'
import { ExitCode } from '../exit-code.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  eval "$(warren broker start)"     # starts one, and sets WARREN_URL and WARREN_AMQP_URL in this shell
  warren plan topology.yaml
  warren broker stop

The broker is a container if a Docker engine answers, otherwise a private node of an installed rabbitmq-server. It uses free
ports and a new random login, and belongs to the current folder, where .warren/broker.json holds its address.
`

/** `warren broker start|status|stop`: a temporary local RabbitMQ. */
export const addBrokerCommand: AddCommand = (program, io, exitWith) => {
  const broker = program
    .command('broker')
    .description('a temporary local RabbitMQ for development and tests')
    .addHelpText('after', EXAMPLES)

  const add = (name: string, description: string, run: () => Promise<ExitCode>) =>
    broker.command(name).description(description).action(exitWith(run))

  add('start', 'start a broker, and print its addresses as shell variables', async () => {
    const { startBackgroundBroker } = await import('../../operations/operate/background-broker.ts')
    const { broker: running, started } = await startBackgroundBroker()
    io.err(
      `RabbitMQ ${running.version} ${started ? 'started' : 'is already running'}; stop it with: warren broker stop\n`,
    )
    io.reveal(exports(running))
    return ExitCode.done
  })

  add('status', 'report whether the broker runs, and print its addresses as shell variables', async () => {
    const { statusBackgroundBroker } = await import('../../operations/operate/background-broker.ts')
    const running = await statusBackgroundBroker()
    if (running === undefined) {
      io.err('no broker runs for this folder; start one with: warren broker start\n')
      return ExitCode.unreachable
    }
    io.err(`RabbitMQ ${running.version} has been running since ${running.startedAt}\n`)
    io.reveal(exports(running))
    return ExitCode.done
  })

  add('stop', 'stop the broker, and remove its data', async () => {
    const { stopBackgroundBroker } = await import('../../operations/operate/background-broker.ts')
    const stopped = await stopBackgroundBroker()
    io.err(stopped === undefined ? 'no broker runs for this folder\n' : `RabbitMQ ${stopped.version} stopped\n`)
    return ExitCode.done
  })
}

function exports({ managementUrl, amqpUrl, username, password }: BackgroundBroker): string {
  const withLogin = (url: string) => {
    const full = new URL(url)
    full.username = username
    full.password = password
    return full.href.replace(/\/$/, '')
  }
  return `export WARREN_URL=${withLogin(managementUrl)}\nexport WARREN_AMQP_URL=${withLogin(amqpUrl)}\n`
}
