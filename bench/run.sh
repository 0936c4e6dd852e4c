#!/usr/bin/env bash
# Runs the benchmarks: bench/run.sh [benchmark…] [-- options]. Without names, all. Installs redis-server and PostgreSQL where Debian's packages are missing.
# Results go to the standard output and, as JSON, to bench/results.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

wanted=()
command -v redis-server >/dev/null || wanted+=(redis-server)
if ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then
  # Only its programs are wanted, not a cluster that starts by itself.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  wanted+=(postgresql)
fi
if [ "${#wanted[@]}" -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" </dev/null
fi

names=()
while [ "$#" -gt 0 ] && [ "$1" != "--" ]; do
  names+=("$1")
  shift
done
[ "$#" -eq 0 ] || shift
[ "${#names[@]}" -gt 0 ] || names=(ingest freshness writes moves scheduling healing remote)

dotnet build bench/Grid.Bench --configuration Release --verbosity quiet
mkdir -p bench/results
for name in "${names[@]}"; do
  dotnet bench/Grid.Bench/bin/Release/net10.0/grid-bench.dll "$name" --json "bench/results/$name.json" "$@"
done
