import { UnreachableError } from '../errors.ts'

/** The encoded slash of a name in a path of the API. */
const ENCODED_SLASH = /%2F/i
/**
 * The path `/api/whoami` for a proxy that decodes it. RabbitMQ splits paths at their slashes before it decodes the
 * parts (cowboy_router), and has no resource of this name.
 */
export const DECODING_PROBE = '/api%2Fwhoami'

/** Whether a proxy that decodes slashes would change the meaning of a path. */
export function hasEncodedSlash(path: string): boolean {
  return ENCODED_SLASH.test(path)
}

/** Whether the response to the probe is the one to `/api/whoami`. */
export function isWhoami(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'name' in answer && 'tags' in answer
}

export function decodingProxy(url: string, method: string, path: string): UnreachableError {
  return new UnreachableError(
    `a proxy between warren and the broker at ${url} decodes %2F in paths, so that ${method} ${path} does not reach its object`,
    {
      hint: 'let the proxy forward paths unchanged (nginx: proxy_pass without a path after the host; Apache: AllowEncodedSlashes NoDecode and nocanon), or give the URL of the broker itself',
    },
  )
}
