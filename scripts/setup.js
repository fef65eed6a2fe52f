import { dockerAnswers } from '../build/testing/throwaway/docker/docker-engine.js'
import { findServer } from '../build/testing/throwaway/node/find-server.js'
import { installPackages } from './debian-packages.js'

// Ensures that there is a RabbitMQ for the tests and the demo. If the environment names no broker, no Docker engine
// runs and no server is installed, it installs Debian's package, if it has the rights.

const UNREACHABLE = 6
const WAYS =
  'Start Docker, or install RabbitMQ yourself (apt-get install --no-install-recommends rabbitmq-server; brew install rabbitmq),\n' +
  'or name a running broker, management plugin included, in WARREN_URL.\n'
const SERVICES = ['rabbitmq-server:rabbitmq-server.service', 'erlang-base:epmd.service', 'erlang-base:epmd.socket']

if (process.env.WARREN_URL || process.env.WARREN_AMQP_URL) {
  done('the broker that WARREN_URL or WARREN_AMQP_URL names is used')
} else if (await dockerAnswers(process.env)) {
  done('a Docker engine answers')
} else if (await findServer(process.env)) {
  done('a RabbitMQ server is installed')
} else {
  process.stderr.write("Broker: installing Debian's rabbitmq-server, which takes about half a minute...\n")
  const obstacle = installPackages(['rabbitmq-server'], SERVICES)
  if (obstacle !== undefined) {
    process.stderr.write(`There is no RabbitMQ, and it cannot be installed: ${obstacle}\n${WAYS}`)
    process.exit(UNREACHABLE)
  }
  process.stderr.write('Broker: installed; its system service is off.\n')
}

/** @param {string} reason */
function done(reason) {
  process.stderr.write(`Broker: ${reason}.\n`)
}
