import UndiciAgent from 'undici/lib/dispatcher/agent.js'
import request from 'undici/lib/api/api-request.js'

/**
 * The parts of undici that the command line uses. The rest, such as `fetch`, caches and mocks, would be more than
 * half of the code that a command with a broker loads. The bundler fails if another version of undici has no such
 * files.
 */
export class Agent extends UndiciAgent {
  request = request
}
