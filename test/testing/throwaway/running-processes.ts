import { readdirSync, readFileSync } from 'node:fs'

/** A process on this machine, as Linux shows it. */
export interface RunningProcess {
  readonly pid: number
  /** The command line, its parts separated by spaces. */
  readonly command: string
  /** `NAME=value` lines. */
  readonly environment: string
}

/** The processes whose command line or environment contains a string. */
export function processesWith(text: string): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline', ' '), environment: read(pid, 'environ', '\n') }))
    .filter(({ command, environment }) => command.includes(text) || environment.includes(text))
}

function read(pid: string, file: string, separator: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', separator)
  } catch {
    // It has ended in the meantime.
    return ''
  }
}
