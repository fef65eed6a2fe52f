#!/usr/bin/env node
import { nodeVersionProblem } from '../diagnostics/node-version.ts'

// An older Node.js could not even link the other modules, and would print a SyntaxError.
const problem = nodeVersionProblem(process.versions.node)
if (problem === undefined) {
  const { runMain } = await import('./run-main.ts')
  // Called here and not in the module itself, because other modules of its bundle are imported before it.
  await runMain()
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
