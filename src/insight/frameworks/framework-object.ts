/** The frameworks whose objects are recognized, by the names that they call themselves. */
export type Framework =
  | 'Celery'
  | 'Laravel'
  | 'MassTransit'
  | 'NServiceBus'
  | 'rascal'
  | 'Sneakers'
  | 'Spring Cloud Stream'
  | 'Symfony Messenger'

/**
 * What an export does with an object of a framework:
 *
 * - `application`: exported like an object that people made. Only its origin is known.
 * - `infrastructure`: left out and listed, since the framework declares it for itself while it runs.
 * - `shared-infrastructure`: exported as `external: true`, since objects of applications are bound to it, but the framework
 *   declares it.
 */
export type FrameworkRole = 'application' | 'infrastructure' | 'shared-infrastructure'

/** An object that a framework declared. */
export interface FrameworkObject {
  readonly framework: Framework
  /** The part that it plays in the framework, such as `delay level` or `error queue`. */
  readonly what: string
  readonly role: FrameworkRole
  /** What the framework uses it for and when it declares it, as a sentence. */
  readonly why: string
}
