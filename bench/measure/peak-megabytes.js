import { readFileSync } from 'node:fs'

/** The most memory that this process has had, in MiB. What `getrusage` says counts its parent's on Linux (proc(5): VmHWM). */
export function peakMegabytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(kilobytes) / 1024
}
