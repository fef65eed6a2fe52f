import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { dockerAnswers } from '../dist/broker/docker-engine.js'
import { findServer } from '../dist/broker/find-server.js'

// Makes sure that there is a RabbitMQ for the tests and the demo. Where there is neither a broker that the environment
// names, nor a Docker engine, nor an installed server, it installs Debian's package, if it may.

const UNREACHABLE = 6
const WAYS =
  'Start Docker, or install RabbitMQ yourself (apt-get install --no-install-recommends rabbitmq-server; brew install rabbitmq),\n' +
  'or name a running broker, management plugin included, in WARREN_URL.\n'

/**
 * For root's shell. Debian starts a package's service as soon as it is installed, and again with the machine, unless it is
 * told not to: only private nodes are wanted here.
 */
const INSTALL = `
set -eu
policy=/usr/sbin/policy-rc.d
saved=$policy.saved-by-warren
restore() {
  rm -f "$policy"
  if [ -e "$saved" ]; then mv "$saved" "$policy"; fi
}
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [ -e "$policy" ] && ! [ -e "$saved" ]; then mv "$policy" "$saved"; fi
printf '#!/bin/sh\\nexit 101\\n' > "$policy"
chmod 755 "$policy"

erlang=new
if dpkg-query -W -f '\${Status}' erlang-base 2>/dev/null | grep -q 'ok installed'; then erlang=old; fi

export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends rabbitmq-server; }
install || { apt-get update -qq && install; }

services=rabbitmq-server.service
if [ "$erlang" = new ]; then services="$services epmd.service epmd.socket"; fi
update-rc.d rabbitmq-server disable || true
# Debian's helper works without a running systemd, but only on behalf of a package.
export DPKG_MAINTSCRIPT_PACKAGE=rabbitmq-server
for service in $services; do deb-systemd-helper disable "$service" || true; done
if [ -d /run/systemd/system ]; then systemctl stop $services || true; fi
`

if (process.env.WARREN_URL || process.env.WARREN_AMQP_URL) {
  done('the broker that WARREN_URL or WARREN_AMQP_URL names is used')
} else if (await dockerAnswers(process.env)) {
  done('a Docker engine answers')
} else if (await findServer(process.env)) {
  done('a RabbitMQ server is installed')
} else {
  install()
}

/** @param {string} reason */
function done(reason) {
  process.stderr.write(`Broker: ${reason}.\n`)
}

function install() {
  if (!isExecutable('/usr/bin/apt-get')) fail('There is no RabbitMQ, and no apt-get to install it with.')
  const shell = rootShell()
  if (!shell) fail('There is no RabbitMQ, and installing it needs root or sudo without a password.')
  process.stderr.write("Broker: installing Debian's rabbitmq-server, which takes about half a minute...\n")
  const [command, ...args] = shell
  const { status, error, stdout, stderr } = spawnSync(command, args, { input: INSTALL, encoding: 'utf8' })
  if (status !== 0) fail(`RabbitMQ cannot be installed: ${error?.message ?? lastLines(stdout + stderr)}`)
  process.stderr.write('Broker: installed; its system service is off.\n')
}

/** @returns {string[] | undefined} a shell of root, which takes its commands from standard input */
function rootShell() {
  if (process.getuid?.() === 0) return ['sh', '-s']
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n', 'sh', '-s'] : undefined
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @param {string} output */
function lastLines(output) {
  return output.trimEnd().split('\n').slice(-15).join('\n')
}

/**
 * @param {string} reason
 * @returns {never}
 */
function fail(reason) {
  process.stderr.write(`${reason}\n${WAYS}`)
  process.exit(UNREACHABLE)
}
