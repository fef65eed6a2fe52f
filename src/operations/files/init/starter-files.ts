/** The first files of a new repository of topologies. */
export interface InitOptions {
  /** The name of the project. */
  readonly project: string
  /** The service to write a pipeline for. Default: none. */
  readonly workflow?: Workflow
}

/** The services for which `init` writes a pipeline. */
export const WORKFLOWS = ['github', 'gitlab', 'none'] as const
export type Workflow = (typeof WORKFLOWS)[number]

/** A file to write, with its path relative to the repository. */
export interface StarterFile {
  readonly path: string
  readonly text: string
}

/**
 * Returns the files of a new repository: a topology to start from with its tests, the config with a production broker, and a
 * pipeline. Nothing is written.
 */
export function init({ project, workflow = 'none' }: InitOptions): readonly StarterFile[] {
  const pipeline = PIPELINES[workflow]
  return [
    { path: 'topology.yaml', text: topologyText(project) },
    { path: 'topology.test.yaml', text: TESTS },
    { path: 'warren.config.yaml', text: configText(project) },
    ...(pipeline === undefined ? [] : [pipeline]),
  ]
}

/**
 * Returns the files of a new repository for an existing broker: those of its export, with a production broker in the config,
 * and a pipeline. Nothing is written.
 */
export function initFromExport(exported: readonly StarterFile[], workflow: Workflow = 'none'): readonly StarterFile[] {
  const pipeline = PIPELINES[workflow]
  const files = exported.map(({ path, text }) => ({
    path,
    text: path === 'warren.config.yaml' ? `${text}\n${ENVIRONMENTS}` : text,
  }))
  return pipeline === undefined ? files : [...files, pipeline]
}

/** JSON text is valid YAML too, and quotes any name correctly. */
function scalar(name: string): string {
  return /^[a-z][\w.-]*$/i.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name)
    ? name
    : JSON.stringify(name)
}

function topologyText(project: string): string {
  return `# yaml-language-server: $schema=./node_modules/warren/schemas/topology.schema.json
warren: 1
project: ${scalar(project)}

exchanges:
  events: { type: topic }

queues:
  # A message that fails is retried three times, and then waits in the queue orders.dead.
  orders:
    type: quorum
    bindings: [{ exchange: events, routingKey: order.placed }]
    retry: { delays: [5s, 30s, 5m] }
    deadLetter: true

# Programs publish and consume by these names.
publications:
  order-placed: { exchange: events, routingKey: order.placed }
subscriptions:
  orders: { queue: orders }
`
}

const ENVIRONMENTS = `# Without --environment, warren uses the broker of WARREN_URL, else the one on this machine.
environments:
  prod:
    url: "\${env:PROD_URL}"
    amqpUrl: "\${env:PROD_AMQP_URL}"
    user: "\${env:PROD_USER}"
    password: "\${env:PROD_PASSWORD}"
    confirm: true
`

const TESTS = `# yaml-language-server: $schema=./node_modules/warren/schemas/tests.schema.json
# What the topology has to do. Check it with: warren test
warrenTests: 1
tests:
  a placed order reaches its queue:
    publish: { publication: order-placed }
    reaches: [orders]
  an order that keeps failing ends in the dead letters:
    fail: { subscription: orders }
    passes: [5s, 30s, 5m]
    endsIn: orders.dead
`

function configText(project: string): string {
  return `# yaml-language-server: $schema=./node_modules/warren/schemas/config.schema.json
warrenConfig: 1

projects:
  ${scalar(project)}: { paths: [topology.yaml] }

${ENVIRONMENTS}`
}

const GITHUB = `# Plans every pull request, and applies what is merged. Set the secrets in the settings of the repository.
name: Topology
on:
  pull_request:
  push:
    branches: [main]

permissions:
  contents: read
  pull-requests: write

env:
  PROD_URL: \${{ secrets.PROD_URL }}
  PROD_AMQP_URL: \${{ secrets.PROD_AMQP_URL }}
  PROD_USER: \${{ secrets.PROD_USER }}
  PROD_PASSWORD: \${{ secrets.PROD_PASSWORD }}

jobs:
  topology:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npm install --no-save warren
      - name: Plan
        run: npx warren plan --environment prod --out plan.json --report github=/dev/stdout --report "markdown=$GITHUB_STEP_SUMMARY"
      - name: Apply
        if: github.event_name == 'push'
        run: npx warren apply plan.json --environment prod --confirm prod --auto-approve
`

const GITLAB = `# Plans every merge request, and applies what is merged. Set the variables in the settings of the project.
image: node:22

before_script:
  - npm install --no-save warren

plan:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - npx warren plan --environment prod --report gitlab=code-quality.json
  artifacts:
    when: always
    reports: { codequality: code-quality.json }

apply:
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  environment: prod
  script:
    - npx warren apply --environment prod --confirm prod --auto-approve
`

const PIPELINES: { readonly [W in Workflow]: StarterFile | undefined } = {
  github: { path: '.github/workflows/topology.yml', text: GITHUB },
  gitlab: { path: '.gitlab-ci.yml', text: GITLAB },
  none: undefined,
}
