#!/usr/bin/env bash
# The whole data set: 229 airports, 2.5 million departures of January to May 2001, about 5 million events, one prediction each,
# and 10,000 golden rows compared float for float. Takes some minutes. Exit code 0 only without a mismatch.
# Usage: eng/flights-oracle.sh [--months N] [--state FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet run --configuration Release --project eng/FlightsOracle -- "$@"
