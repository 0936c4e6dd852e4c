#!/usr/bin/env bash
# Builds everything and runs every test. Needs the .NET SDK of global.json and nothing else.
# The checks of k8s/ use kubectl, npm and promtool, and are skipped with the reason where one cannot be had.
# The tests of the PostgreSQL store start servers of their own; where Debian's package is missing and may be installed, it is.
# Last line: "N passed, N failed". Exit code 0 only if nothing failed and no build warning was printed.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
configuration=${CONFIGURATION:-Release}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if ! command -v dotnet >/dev/null; then
  echo "The .NET SDK is missing: install version $(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json | head -1) or later (https://dot.net)." >&2
  exit 1
fi

# Only its programs are wanted: a cluster that starts by itself would only be in the way. Without them those tests are skipped.
if ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && ! command -v initdb >/dev/null \
  && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql; } >"$log" 2>&1 \
    || { echo "PostgreSQL could not be installed; its tests are skipped:" >&2; tail -5 "$log" >&2; }
fi

# Hosts on a private network, so that packets between silos can be lost. Without it, or where namespaces are not allowed, those tests are skipped.
if ! command -v ip >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends iproute2; } >"$log" 2>&1 \
    || { echo "iproute2 could not be installed; the tests of network partitions are skipped:" >&2; tail -5 "$log" >&2; }
fi

# LightGBM's own library needs it; slim images leave it out.
if command -v ldconfig >/dev/null && ! ldconfig -p | grep -q 'libgomp\.so\.1' && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libgomp1; } >"$log" 2>&1 \
    || { echo "libgomp1 could not be installed; the tests of the trainer need it:" >&2; tail -5 "$log" >&2; }
fi

# Prometheus checks the alerts; of its package only promtool is wanted, so its service is not started.
if ! command -v promtool >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus; } >"$log" 2>&1 \
    || { echo "promtool could not be installed; the alerts are not tried:" >&2; tail -5 "$log" >&2; }
fi

# The published schemas of Kubernetes objects are npm packages. Without them the manifests are built, but not validated.
schemas=tests/Grid.Deployment.Tests/schemas
if [ ! -d "$schemas/node_modules/typescript" ] && command -v npm >/dev/null; then
  npm install --prefix "$schemas" --no-audit --no-fund --no-package-lock >"$log" 2>&1 \
    || { echo "The schemas of Kubernetes could not be installed; manifests are not validated:" >&2; tail -5 "$log" >&2; }
fi
command -v kubectl >/dev/null || echo "kubectl (1.27 or later) is missing; the checks of the manifests are skipped." >&2

# 1. Build. Warnings are errors.
if ! dotnet build Grid.sln --configuration "$configuration" -warnaserror; then
  echo "0 passed, 1 failed"
  exit 1
fi

# 2. Test, two projects at a time: tests of silos in processes of their own wait as much as they work.
dotnet test --solution Grid.sln --configuration "$configuration" --no-build --max-parallel-test-modules 2 "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
count() { sed -n "s/^ *$1: *\([0-9]*\).*/\1/p" "$log" | tail -1; }
passed=$(count succeeded)
failed=$(count failed)
skipped=$(count skipped)
if [ "$status" -ne 0 ] && [ "${failed:-0}" -eq 0 ]; then
  failed=1 # a test project that could not run is a failure too
fi

suffix=""
if [ "${skipped:-0}" -ne 0 ]; then
  suffix=", ${skipped} skipped"
fi

echo "${passed:-0} passed, ${failed:-1} failed${suffix}"
exit "$status"
