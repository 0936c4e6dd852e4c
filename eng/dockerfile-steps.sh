#!/usr/bin/env bash
# Does what the Dockerfile's build stage does, without Docker: its COPY lines into a folder of their own, its RUN lines there.
# Usage: eng/dockerfile-steps.sh <empty folder>. The image's /app is <folder>/app, its /state <folder>/state.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
target=$(realpath -m "$1")
if [ -e "$target" ] && [ -n "$(ls -A "$target")" ]; then
  echo "$target is not empty: name an empty folder." >&2
  exit 1
fi

case $(uname -m) in
  x86_64) TARGETARCH=amd64 ;;
  aarch64) TARGETARCH=arm64 ;;
  *) echo "$(uname -m) is no platform of the image." >&2; exit 1 ;;
esac
export TARGETARCH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
mkdir -p "$target/src"
copies=0
runs=0
while IFS= read -r line; do
  case $line in
    "FROM "*" AS build") stage=build ;;
    "FROM "*) stage=final ;;
    "COPY "*)
      [ "${stage:-}" = build ] || continue
      read -ra words <<<"${line#COPY }"
      # Inside the context only, and never what was built before: the same as .dockerignore.
      for source in "${words[@]::${#words[@]}-1}"; do
        (cd "$root" && tar --exclude=bin --exclude=obj -cf - "$source") | tar -C "$target/src" -xf -
      done
      copies=$((copies + 1))
      ;;
    "RUN "*)
      [ "${stage:-}" = build ] || continue
      command=${line#RUN }
      command=${command//\/app/$target/app}
      command=${command//\/state/$target/state}
      echo "> $command"
      (cd "$target/src" && bash -euo pipefail -c "$command")
      runs=$((runs + 1))
      ;;
  esac
done <"$root/Dockerfile"
[ "$copies" -gt 0 ] && [ "$runs" -gt 0 ] || { echo "The Dockerfile has no build stage with COPY and RUN lines." >&2; exit 1; }

# Native libraries may ask for nothing that the final image lacks: it has the C and C++ runtimes and OpenSSL.
lacking=$(find "$target/app" -name '*.so' -exec ldd {} \; 2>/dev/null | awk '{print $1}' | sort -u \
  | grep -vE '^(/|linux-vdso|statically|not|.*:$)|^(libc|libm|libdl|librt|libpthread|libgcc_s|libstdc\+\+|libssl|libcrypto)\.so|^libonnxruntime' || true)
if [ -n "$lacking" ]; then
  echo "Native libraries need what the final image does not have: $lacking" >&2
  exit 1
fi
echo "Size of /app: $(du -sm "$target/app" | cut -f1) MB"
