import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder in which Debian's package installs the server. */
export const PACKAGES = 'usr/lib/rabbitmq/lib'

/**
 * @param {string} root a tree of Debian, or the machine's own `/`
 * @returns {string[]} the versions of RabbitMQ in it
 */
export function versionsIn(root) {
  try {
    return readdirSync(join(root, PACKAGES))
      .filter((name) => name.startsWith('rabbitmq_server-'))
      .map((name) => name.slice('rabbitmq_server-'.length))
  } catch {
    return []
  }
}

/**
 * Writes a program that runs the server of a tree, or another of its programs, as if the tree were the whole machine.
 * It has its own mounts, which end with the server. It can access the folder that it was given, so that it can be
 * started like an installed server.
 *
 * @param {string} file
 * @param {string} root
 * @param {string} version
 * @param {string} [program] in the server's `sbin`; it gets the arguments of the written program
 */
export function writeStarter(file, root, version, program = 'rabbitmq-server') {
  const script = `#!/bin/sh
set -eu
root=${quoted(root)}
folders=$(dirname "$WARREN_BROKER_FOLDER")
export root folders
exec unshare --mount sh -euc '
  mount --rbind /proc "$root/proc"
  mount --rbind /dev "$root/dev"
  # Names of hosts as the machine knows them: the port mapper looks itself up.
  if [ -e "$root/etc/hosts" ]; then mount --bind /etc/hosts "$root/etc/hosts"; fi
  mkdir -p "$root$folders"
  mount --bind "$folders" "$root$folders"
  exec chroot "$root" ${join('/', PACKAGES, `rabbitmq_server-${version}`, 'sbin', program)} "$@"
' ${program} "$@"
`
  writeFileSync(file, script, { mode: 0o755 })
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
