# A month in the life of examples/gitops, as a pipeline runs it. The test gives it the variables of two brokers, and `warren` on the PATH.
# It stops with 1 at the first step that ends otherwise than it should.
set -uo pipefail

# ends CODE COMMAND…: runs a command, keeps its output, and checks its exit code.
ends() {
  local expected=$1 code=0
  shift
  "$@" > out.txt 2> err.txt || code=$?
  if [ "$code" -ne "$expected" ]; then
    printf '%s: exit code %s instead of %s\n' "$*" "$code" "$expected"
    cat out.txt err.txt
    exit 1
  fi
}

# says FILE TEXT: checks that a file holds a string.
says() {
  grep -qF -- "$2" "$1" || {
    printf '%s does not say: %s\n' "$1" "$2"
    cat "$1"
    exit 1
  }
}

# prod METHOD PATH [JSON]: asks the management API of prod.
prod() {
  curl --silent --show-error --fail --user "$PROD_USER:$PROD_PASSWORD" --request "$1" \
    --header 'content-type: application/json' ${3:+--data "$3"} "$PROD_URL/api/$2"
}

both=(--environment staging --environment prod)

echo 'The first merge creates everything in both environments'
ends 0 warren validate
ends 0 warren apply "${both[@]}" --auto-approve --confirm prod
ends 0 warren plan "${both[@]}" --detailed-exitcode

echo 'A pull request with a mistake is annotated at its line'
cp billing/topology.yaml good.yaml.txt
sed -i 's/deadLetter: true/deadLeter: true/' billing/topology.yaml
ends 3 warren validate --format github
says out.txt '::error file=billing/topology.yaml,line='
cp good.yaml.txt billing/topology.yaml

echo 'A good one shows a table of all six runs'
sed -i 's/acme, globex/acme, globex, initech/' tenants/topology.yaml
ends 2 warren plan "${both[@]}" --detailed-exitcode --report markdown=plan.md
for environment in staging prod; do
  for project in platform billing tenants; do says plan.md "| $environment | $project |"; done
done

echo 'The merge applies exactly this plan'
ends 2 warren plan "${both[@]}" --detailed-exitcode --out plans
ends 0 warren apply plans --auto-approve --confirm prod
prod GET queues/initech/orders > queue.json

echo 'A change outside warren is found on schedule'
ends 0 warren drift --all-environments
prod DELETE exchanges/shop/invoices
ends 2 warren drift --all-environments
says out.txt invoices
ends 0 warren apply "${both[@]}" --auto-approve --confirm prod

echo 'A dangerous change is blocked until its address is allowed'
prod POST exchanges/shop/amq.default/publish \
  '{"properties":{},"routing_key":"unrouted","payload":"1","payload_encoding":"string"}' > published.json
sed -i '/^queues:/,$d' platform/topology.yaml
ends 4 warren plan --project platform --environment prod --prune --detailed-exitcode
says out.txt 'queue:shop/unrouted'
ends 0 warren apply --project platform --environment prod --prune --auto-approve --confirm prod \
  --allow delete=queue:shop/unrouted --max-deletes 100%
ends 0 warren apply --project platform --environment staging --prune --auto-approve --max-deletes 100%

echo 'A plan that no longer fits is refused'
rm -r plans
sed -i 's/maxQueues: 50/maxQueues: 60/' tenants/topology.yaml
ends 2 warren plan --environment prod --detailed-exitcode --out plans
prod PUT vhost-limits/acme/max-queues '{"value":70}'
ends 5 warren apply plans --auto-approve --confirm prod
ends 0 warren apply "${both[@]}" --auto-approve --confirm prod

echo 'With one broker down, the other environment is applied only with --keep-going'
sed -i 's/maxQueues: 60/maxQueues: 65/' tenants/topology.yaml
url=$STAGING_URL
export STAGING_URL=$CLOSED_URL
ends 6 warren apply "${both[@]}" --auto-approve --confirm prod --retries 0
prod GET vhost-limits/acme > limits.json
says limits.json '"max-queues":60'
ends 7 warren apply "${both[@]}" --auto-approve --confirm prod --retries 0 --keep-going
prod GET vhost-limits/acme > limits.json
says limits.json '"max-queues":65'
export STAGING_URL=$url
ends 0 warren apply "${both[@]}" --auto-approve --confirm prod

echo 'A queue moves to another project without being touched'
prod POST exchanges/shop/amq.default/publish \
  '{"properties":{},"routing_key":"acme.audit","payload":"1","payload_encoding":"string"}' > published.json
cat >> billing/topology.yaml << 'YAML'
  acme.audit:
    type: quorum
    bindings:
      - { exchange: events, routingKey: 'acme.#' }
      - { exchange: invoices, routingKey: 'acme.#' }
YAML
sed -i 's/forEach: { tenant: \[acme, globex, initech\] }$/forEach: { tenant: [globex, initech] }/' tenants/topology.yaml
sed -i '0,/forEach: { tenant: \[globex, initech\] }/s//forEach: { tenant: [acme, globex, initech] }/' tenants/topology.yaml
ends 2 warren plan "${both[@]}" --prune --detailed-exitcode
says out.txt 'taken over from tenants'
ends 0 warren apply "${both[@]}" --prune --auto-approve --confirm prod
ends 0 warren owners 'queue:shop/acme.audit' --environment prod
says out.txt billing
ends 0 warren plan "${both[@]}" --detailed-exitcode --prune
prod POST queues/shop/acme.audit/get '{"count":1,"ackmode":"ack_requeue_true","encoding":"auto"}' > got.json
says got.json '"payload":"1"'
