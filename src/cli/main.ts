#!/usr/bin/env node
import { nodeVersionProblem } from '../diagnostics/node-version.ts'

// An older Node.js could not even link the other modules, and would print a SyntaxError.
const problem = nodeVersionProblem(process.versions.node)
if (problem === undefined) {
  const { runMain } = await import('./run-main.ts')
  // Here, and not in the module itself: others of its bundle are imported while it runs.
  await runMain()
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
