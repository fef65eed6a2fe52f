/** How a run of warren ends. The table of docs/reference/command-line.md, by name. */
export const ExitCode = {
  done: 0,
  unexpected: 1,
  changesPending: 2,
  invalidInput: 3,
  blocked: 4,
  stale: 5,
  unreachable: 6,
  partiallyApplied: 7,
  notConfirmed: 8,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
