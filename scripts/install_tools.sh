#!/usr/bin/env bash
# Installs what checks and tests talk to beside Python: OPA, Regal, an OpenID Connect provider,
# Mosquitto, RabbitMQ, Prosody and Chromium.
#
# OPA and Regal are built at the versions below into .tools/bin; Go verifies their source against
# its checksum database. Without Go, those in PATH are used. The provider is oidc-provider from npm, as
# its lock file pins it, without install scripts. Mosquitto, RabbitMQ, Prosody and Chromium come from
# the system's packages when this runs as root. What is there is left alone, so a second run is instant.
# Something that stays missing is said at the end; it is an error only in CI.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

OPA_VERSION=v1.22.0
REGAL_VERSION=v0.39.0
BIN="$PWD/.tools/bin"
missing=()

say() { printf '%-10s %s\n' "$1" "$2"; }

# A module of its own, thrown away: the tool's own go.sum is checked, and nothing else is asked of
# the module's other versions.
build() {
    local module=$1 version=$2 into=$3 workshop
    workshop=$(mktemp -d)
    (
        cd "$workshop"
        go mod init gatewright.invalid/tools
        go mod edit "-require=$module@$version"
        GOFLAGS='' CGO_ENABLED=0 go build -mod=mod -trimpath -buildvcs=false -o "$into.new" "$module"
    ) >"$workshop/log" 2>&1 || { tail -n 3 "$workshop/log"; rm -rf "$workshop"; return 1; }
    mv "$into.new" "$into"
    rm -rf "$workshop"
}

go_tool() {
    local name=$1 module=$2 version=$3
    local mark="$BIN/.$name-$version"
    if [[ -x "$BIN/$name" && -e "$mark" ]]; then
        say "$name" "$version is in .tools/bin"
    elif command -v go >/dev/null; then
        say "$name" "building $version (once; some minutes) ..."
        mkdir -p "$BIN"
        if build "$module" "$version" "$BIN/$name"; then
            touch "$mark"
            say "$name" "$version installed into .tools/bin"
        else
            fall_back "$name" "it could not be built"
        fi
    else
        fall_back "$name" "there is no Go to build it with"
    fi
}

fall_back() {
    local name=$1 why=$2 found
    if found=$(command -v "$name"); then
        say "$name" "$why; using $found"
    else
        say "$name" "$why, and it is not in PATH"
        missing+=("$name")
    fi
}

npm_tool() {
    local name=$1 from=$2
    local into="$PWD/.tools/$name"
    if cmp -s "$from/package-lock.json" "$into/package-lock.json" && [[ -d "$into/node_modules" ]]; then
        say "$name" "is in .tools"
    elif ! command -v npm >/dev/null; then
        say "$name" "there is no npm to install it with"
        missing+=("$name")
    else
        rm -rf "$into"
        mkdir -p "$into"
        cp "$from/package.json" "$from/package-lock.json" "$into"
        if (cd "$into" && npm ci --omit=dev --ignore-scripts --no-fund --no-audit) >/dev/null 2>&1; then
            say "$name" "installed into .tools"
        else
            say "$name" "npm could not install it"
            rm -rf "$into"
            missing+=("$name")
        fi
    fi
}

package() {
    local name=$1 program
    shift
    for program in "$@"; do
        if command -v "$program" >/dev/null || [[ -x "/usr/sbin/$program" ]]; then
            say "$name" "$program is installed"
            return
        fi
    done
    if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
        say "$name" "installing the system's package ..."
        apt-get update -qq >/dev/null || true
        if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$name" \
            >/dev/null 2>&1; then
            say "$name" "installed"
            return
        fi
    fi
    say "$name" "not installed: install the package $name"
    missing+=("$name")
}

go_tool opa github.com/open-policy-agent/opa "$OPA_VERSION"
go_tool regal github.com/open-policy-agent/regal "$REGAL_VERSION"
package npm npm
npm_tool oidc-provider tests/integration/provider
package mosquitto mosquitto
package rabbitmq-server rabbitmq-server
package prosody prosody
package chromium chromium chromium-browser google-chrome

if ((${#missing[@]})); then
    echo "Missing: ${missing[*]}. The tests that need them are skipped, and say so."
    [[ "${CI:-}" != true ]]
fi
