#!/usr/bin/env bash
# The servers whose specs are in spec/services/: PostgreSQL and Redis, on free ports, with data that is thrown away.
#   eval "$(.ci/services.sh start)"   installs what is missing (Debian's packages), starts both, sets their variables
#   .ci/services.sh stop              stops what that shell started
set -euo pipefail

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

postgres_bin() {
  local found
  found=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1 || true)
  [ -n "$found" ] || found=$(command -v initdb || true)
  [ -n "$found" ] && dirname "$found"
}

install_missing() {
  local missing=()
  postgres_bin >/dev/null || missing+=(postgresql)
  command -v redis-server >/dev/null || missing+=(redis-server)
  [ ${#missing[@]} -eq 0 ] && return
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

start_postgres() {
  local bin port data="$1/postgres"
  bin=$(postgres_bin)
  port=$(free_port)
  mkdir "$data"
  [ "$(id -u)" -ne 0 ] || chown postgres "$1" "$data"
  cd "$data"
  as_postgres "$bin/initdb" -D "$data/data" -U nuages --auth=trust -E UTF8 --no-sync
  as_postgres "$bin/pg_ctl" -D "$data/data" -l "$data/log" -w -t 60 start \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" 3>&- </dev/null
  echo "export NUAGES_POSTGRES_URL='postgresql://nuages@127.0.0.1:$port/postgres'" >&3
}

start_redis() {
  local port data="$1/redis"
  port=$(free_port)
  mkdir "$data"
  redis-server --bind 127.0.0.1 --port "$port" --dir "$data" --pidfile "$data/pid" --logfile "$data/log" \
    --save '' --appendonly no --daemonize yes 3>&- </dev/null
  for _ in $(seq 100); do
    if redis-cli -p "$port" ping; then
      echo "export NUAGES_REDIS_URL='redis://127.0.0.1:$port'" >&3
      return
    fi
    sleep 0.1
  done
  cat "$data/log"
  return 1
}

stop() {
  local folder="$1"
  [ -d "$folder" ] || return 0
  if [ -d "$folder/postgres/data" ]; then
    (cd "$folder/postgres" && as_postgres "$(postgres_bin)/pg_ctl" -D "$folder/postgres/data" -m immediate -w stop) || true
  fi
  if [ -s "$folder/redis/pid" ]; then kill "$(cat "$folder/redis/pid")" || true; fi
  rm -rf "$folder"
}

case "${1:-}" in
  start)
    exec 3>&1 1>&2 # only the variables are printed
    install_missing
    folder=$(mktemp -d)
    trap 'stop "$folder"' ERR
    set -o errtrace
    start_postgres "$folder"
    start_redis "$folder"
    echo "export NUAGES_SERVICES='$folder'" >&3
    ;;
  stop) stop "${NUAGES_SERVICES:-}" >&2 ;;
  *)
    sed -n '2,4s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
