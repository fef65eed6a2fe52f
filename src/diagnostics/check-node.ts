import { withCode } from './error-code.ts'
import { nodeVersionProblem } from './node-version.ts'

// Imported before anything else by each entry of the package, see scripts/build/check-node-first.js.
const problem = nodeVersionProblem(process.versions.node)
if (problem !== undefined) throw withCode('NOT_SUPPORTED', new Error(problem))
