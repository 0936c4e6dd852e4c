#!/usr/bin/env bash
# Whole grids in processes of their own (mock Kafka brokers, PostgreSQL, three silos, a producer, clients that push) under seeded kills, freezes and
# outages; at the end a plain model recomputes every feature and compares it to the bit. Needs the .NET SDK and PostgreSQL's programs, which are installed
# where Debian's package may be.
# Usage: ./chaos.sh [--kills N] [--freezes N] [--first SEED]      seeds with kills (default 4) and with freezes (default 2)
#        ./chaos.sh --seed 7 [--form kills|freezes|short]          one seed again
#        ./chaos.sh --prove                                        breaks fencing, marks and gap refusal in turn; passes where the checker notices
# Last line: "N seeds passed, M failed". Exit code 0 only if none failed.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && ! command -v initdb >/dev/null \
  && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  # Only its programs are wanted: a cluster that starts by itself would only be in the way.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql; } >/dev/null
fi

dotnet build tools/Chaos --configuration Release --verbosity quiet
exec dotnet tools/Chaos/bin/Release/net10.0/Grid.Chaos.dll "$@"
