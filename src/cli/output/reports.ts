import { errorCodeOf } from '../../diagnostics/error-code.ts'
import { errorMessage } from '../../diagnostics/thrown.ts'
import { attemptEach } from './attempt-each.ts'
import type { Io } from './io.ts'
import { oneOf } from '../options/one-of.ts'
import { notOfForm } from '../options/usage-error.ts'
import { READABLE } from './write-file-to.ts'

/** A file that a run is written to as well, whatever it prints. */
export interface ReportFile {
  readonly format: ReportFormat
  readonly path: string
  readonly write: (text: string) => void
}

export type ReportFormat = 'text' | 'diff' | 'json'

/** Makes the text of a report in a format. */
export type MakeReport = (format: ReportFormat) => Promise<string>

/** Reads `--report FORMAT=PATH`. */
export function readReports(given: readonly string[] = [], io: Pick<Io, 'file'>): readonly ReportFile[] {
  return given.map((text) => {
    const [, format, path] = /^([a-z]+)=(.+)$/s.exec(text) ?? []
    if (format === undefined || path === undefined) {
      throw notOfForm('--report', 'FORMAT=PATH', '--report json=report.json')
    }
    return {
      format: oneOf('--report', format, ['text', 'diff', 'json']),
      path,
      write: (written) => io.file('--report', path, written, READABLE),
    }
  })
}

/**
 * Runs a command and writes its reports, on every way that it ends: where it failed before there was anything to report,
 * they say why.
 */
export async function withReports<T>(
  reports: readonly ReportFile[],
  run: (write: (make: MakeReport) => Promise<void>) => Promise<T>,
): Promise<T> {
  let written = false
  const write = async (make: MakeReport) => {
    written = true
    await attemptEach(
      reports.map(({ format, write: writeReport }) => async () => {
        writeReport(await make(format))
      }),
    )
  }
  try {
    return await run(write)
  } catch (error) {
    if (!written) writeFailure(reports, error)
    throw error
  }
}

/** Says in the reports why there is nothing to report; in those at least that can be written. */
export function writeFailure(reports: readonly ReportFile[], error: unknown): void {
  for (const { format, write } of reports) {
    try {
      write(failure(format, error))
    } catch {
      // The failure of the run itself is what the user has to hear about.
    }
  }
}

function failure(format: ReportFormat, error: unknown): string {
  const message = errorMessage(error)
  return format === 'json'
    ? `${JSON.stringify({ format: 1, code: errorCodeOf(error), error: message }, undefined, 2)}\n`
    : `error  ${message}\n`
}
