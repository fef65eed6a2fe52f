// In a folder directly below `src`, because the bundles of the package are one folder deep too.

/** Where `schemas/topology.schema.json` is. */
export const TOPOLOGY_SCHEMA_FILE = new URL('../../schemas/topology.schema.json', import.meta.url)

/** Where `schemas/templates.schema.json` is. */
export const TEMPLATES_SCHEMA_FILE = new URL('../../schemas/templates.schema.json', import.meta.url)

/** Where `schemas/plan.schema.json` is. */
export const PLAN_SCHEMA_FILE = new URL('../../schemas/plan.schema.json', import.meta.url)

/** Where `schemas/config.schema.json` is. */
export const CONFIG_SCHEMA_FILE = new URL('../../schemas/config.schema.json', import.meta.url)

/** Where `schemas/tests.schema.json` is. */
export const TESTS_SCHEMA_FILE = new URL('../../schemas/tests.schema.json', import.meta.url)
