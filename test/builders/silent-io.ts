import type { Io, ProcessIo } from '../../src/cli/output/io.ts'
import { maskingIo } from '../../src/cli/output/masking-io.ts'
import { styleFor } from '../../src/render/words/style.ts'

/** A process without a terminal and without variables, whose output goes nowhere. */
export function silentProcess(parts: Partial<ProcessIo> = {}): ProcessIo {
  return {
    out: () => undefined,
    err: () => undefined,
    outStyle: styleFor(false),
    errStyle: styleFor(false),
    interactive: false,
    errIsTerminal: false,
    environment: {},
    ...parts,
  }
}

/** The view of a command on such a process. */
export function silentIo(parts: Partial<ProcessIo> = {}): Io {
  return maskingIo(silentProcess(parts), [])
}
