import { spawnSync } from 'node:child_process'

/** The programs that some peers need in addition to Node.js. Debian's packages only work with Debian's Python. */
const CHECKS = {
  ansible: [
    ['ansible-playbook', '--version'],
    ['/usr/bin/python3', '-c', 'import requests'],
  ],
  rabbitmqadmin: [['python3', '--version']],
  pika: [['/usr/bin/python3', '-c', 'import pika']],
}

/**
 * Why a peer cannot run here; undefined if it can.
 *
 * @param {string} peer
 */
export function missingProgram(peer) {
  const failed = (CHECKS[peer] ?? []).find(([program, ...args]) => {
    const { status } = spawnSync(program, args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    return status !== 0
  })
  return failed && `${failed.join(' ')} fails`
}
