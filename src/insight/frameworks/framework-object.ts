/** The names of the frameworks whose objects warren recognizes. */
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
 * How an export treats an object of a framework:
 *
 * - `application`: exported like any other object. The framework is only named as its origin.
 * - `infrastructure`: left out and listed, since the framework declares it for itself while it runs.
 * - `shared-infrastructure`: exported as `external: true`, since objects of applications are bound to it, but the
 *   framework declares it.
 */
export type FrameworkRole = 'application' | 'infrastructure' | 'shared-infrastructure'

/** An object that a framework declared. */
export interface FrameworkObject {
  readonly framework: Framework
  /** Its part in the framework, such as `delay level` or `error queue`. */
  readonly what: string
  readonly role: FrameworkRole
  /** One sentence about its purpose and the time of its declaration. */
  readonly why: string
}
