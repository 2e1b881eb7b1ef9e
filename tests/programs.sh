#!/usr/bin/env bash
# npm run test:programs: builds the programs that are to be had as Go modules, and runs the tests of what works with
# programs. Without Go the tests of those are not run, and the end of the output says so. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v go > /dev/null || [ "${CI:-}" = true ]; then tests/tools/install.sh > /dev/null; fi
exec node node_modules/vitest/vitest.mjs run --config vitest.programs.config.ts "$@"
