#!/usr/bin/env bash
# Three silos on a private network whose packets are lost, also the case that ./test.sh leaves out because it waits for half a minute: a silo cut off from its
# peers and the database. Takes two to six minutes. Needs root, iproute2 and PostgreSQL's programs; without them the tests are skipped and say why.
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet run --configuration Release --project tests/Grid.Cluster.Tests -- --explicit on --filter-class '*PartitionTests'
