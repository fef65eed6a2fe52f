import { errorMessage } from '../diagnostics/thrown.ts'
import { attemptEach } from './attempt-each.ts'
import type { Io } from './io.ts'
import { oneOf } from './one-of.ts'
import { usageError } from './usage-error.ts'
import { READABLE, writeFileTo } from './write-file-to.ts'

/** A file that a run is written to as well, whatever it prints. */
export interface ReportFile {
  readonly format: ReportFormat
  readonly path: string
  /** Masks the secrets of the run. */
  readonly mask: (text: string) => string
}

export type ReportFormat = 'text' | 'diff' | 'json'

/** Makes the text of a report in a format. */
export type MakeReport = (format: ReportFormat) => Promise<string>

/** Reads `--report FORMAT=PATH`. */
export function readReports(given: readonly string[] = [], { secrets }: Pick<Io, 'secrets'>): readonly ReportFile[] {
  return given.map((text) => {
    const [, format, path] = /^([a-z]+)=(.+)$/s.exec(text) ?? []
    if (format === undefined || path === undefined) {
      throw usageError(`--report ${text} is not of the form FORMAT=PATH`, 'write it as --report json=report.json')
    }
    return {
      format: oneOf('--report', format, ['text', 'diff', 'json']),
      path,
      mask: (written) => secrets.mask(written),
    }
  })
}

/**
 * Runs a command and writes its reports, on every way that it ends: where it failed before there was anything to report,
 * they say why.
 */
export async function withReports(
  reports: readonly ReportFile[],
  run: (write: (make: MakeReport) => Promise<void>) => Promise<void>,
): Promise<void> {
  let written = false
  const write = async (make: MakeReport) => {
    written = true
    await attemptEach(
      reports.map(({ format, path, mask }) => async () => {
        writeFileTo('--report', path, mask(await make(format)), READABLE)
      }),
    )
  }
  try {
    await run(write)
  } catch (error) {
    if (!written) writeFailure(reports, error)
    throw error
  }
}

/** Says in the reports why there is nothing to report; in those at least that can be written. */
export function writeFailure(reports: readonly ReportFile[], error: unknown): void {
  for (const { format, path, mask } of reports) {
    try {
      writeFileTo('--report', path, mask(failure(format, error)), READABLE)
    } catch {
      // The failure of the run itself is what the user has to hear about.
    }
  }
}

function failure(format: ReportFormat, error: unknown): string {
  const message = errorMessage(error)
  return format === 'json' ? `${JSON.stringify({ format: 1, error: message }, undefined, 2)}\n` : `error  ${message}\n`
}
