import { readFileSync } from 'node:fs'

/**
 * The peak memory of this process, in MiB. On Linux, the value of `getrusage` may be that of the parent process
 * (proc(5): VmHWM).
 */
export function peakMegabytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(kilobytes) / 1024
}
