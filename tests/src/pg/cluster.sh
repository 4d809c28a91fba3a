# Runs one PostgreSQL cluster for as long as standard input stays open, then removes it.
# Standard input is a pipe whose other end the test process holds, so a killed test process ends
# the cluster as surely as one that came to its end.
# Arguments: folder of the programs, folder of the cluster (exists, ours, and empty).
bin=$1
dir=$2
trap '' INT TERM HUP

clean() {
    [ -f "$dir/data/postmaster.pid" ] && "$bin/pg_ctl" stop -D "$dir/data" -m immediate -w -t 20 >/dev/null 2>&1
    rm -rf "$dir"
}

# An ICU locale orders text unlike bytes do, as real servers are set up. Without ICU: plain order.
make() {
    "$bin/initdb" -D "$dir/data" -U doorstep -A trust -E UTF8 --no-sync --locale=C "$@" >"$dir/initdb.log" 2>&1
}
if ! make --locale-provider=icu --icu-locale=en-US; then
    rm -rf "$dir/data"
    if ! make; then
        cat "$dir/initdb.log"
        clean
        exit 1
    fi
fi

options="-k $dir -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
if ! "$bin/pg_ctl" start -D "$dir/data" -w -t 60 -l "$dir/server.log" -o "$options -c max_connections=200" >"$dir/start.log" 2>&1; then
    cat "$dir/start.log" "$dir/server.log"
    clean
    exit 1
fi
echo ready
cat >/dev/null
clean
