import { escapeForeignControls } from '../../diagnostics/text/shown-text.ts'
import { isSecretKey } from '../../diagnostics/credentials/uri-credentials.ts'
import { maskDocument } from '../../model/secrets/mask-data.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { askAtTerminal } from '../terminal/ask-at-terminal.ts'
import type { Io, ProcessIo } from './io.ts'
import { writeFileTo } from './write-file-to.ts'

/** Variables whose names sound like a secret, and which hold a path. */
const PATHS = new Set(['PWD', 'OLDPWD'])

/** A URL whose scheme was forgotten: `guest:password@host`. */
const WITHOUT_SCHEME = /^[^\s/:@]+:(.+)@[^@]+$/s

/** An address such as `queue:VHOST/a@b`: what stands before the `@` is no password. */
const ADDRESS = /^(?:exchange|queue|binding|policy|operator-policy|parameter|permission|topic-permission):[^/]+\//

/**
 * The one exit of a command: whatever it writes, files included, is masked here, and nowhere else. What the command line and the
 * environment hold is registered at once, so that an error about them shows none of it either. Here too, what would steer
 * the terminal is escaped, whatever it came from.
 */
export function maskingIo(io: ProcessIo, args: readonly string[]): Io {
  const secrets = new SecretRegistry()
  for (const argument of args) {
    // Such as those of --var: NAME=VALUE.
    const at = argument.indexOf('=')
    secrets.addFrom(argument)
    const value = argument.slice(at + 1)
    secrets.addFrom(value, at > 0 && isSecretKey(argument.slice(0, at)))
    if (!ADDRESS.test(value)) secrets.add(WITHOUT_SCHEME.exec(value)?.[1] ?? '')
  }
  for (const [name, value] of Object.entries(io.environment)) {
    if (value === undefined || PATHS.has(name)) continue
    secrets.addFrom(value, isSecretKey(name))
    if (/_(?:URL|HOST)$/.test(name)) secrets.add(WITHOUT_SCHEME.exec(value)?.[1] ?? '')
  }
  let input: Promise<Uint8Array> | undefined
  return {
    ...io,
    readInput: () => (input ??= io.readInput?.() ?? Promise.resolve(new Uint8Array())),
    secrets,
    out: (text) => io.out(escapeForeignControls(maskDocument(text, secrets))),
    err: (text) => io.err(escapeForeignControls(secrets.mask(text))),
    ask: (question) => (io.ask ?? askAtTerminal)(escapeForeignControls(secrets.mask(question))),
    file: (option, path, text, mode) => writeFileTo(option, path, maskDocument(text, secrets), mode),
    reveal: io.out,
  }
}
