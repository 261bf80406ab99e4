#!/usr/bin/env bash
# Makes the archives that are handed over: a zip for Windows, a tar.xz with one static file for Linux, and SHA256SUMS.
#
#   release/build.sh [FOLDER]      FOLDER: where the archives go, release/out when it is not given
#
# Needs Debian 12 or later with rustup's Rust; what else it needs it installs (as root). It builds the commit that is
# checked out, in a folder of its own (ESEP_RELEASE, /var/tmp/esep-release), so that no path of the clone gets into the
# programs. Dates in the archives are those of the commit.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mkdir -p "${1:-release/out}" && cd "${1:-release/out}" && pwd)
work=${ESEP_RELEASE:-/var/tmp/esep-release}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
commit=$(git rev-parse HEAD)
export TZ=UTC LC_ALL=C.UTF-8
date=$(git log -1 --format=%ct)
cargo_home=${CARGO_HOME:-$HOME/.cargo}
# an incremental build depends on the builds before it
export CARGO_INCREMENTAL=0
unset CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET CARGO_BUILD_RUSTFLAGS
windows=x86_64-pc-windows-gnu
linux=x86_64-unknown-linux-gnu

debian=(gcc libc6-dev git gcc-mingw-w64-x86-64-win32 rustc-web cargo-web rust-web-src zip xz-utils)
missing=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${debian[@]}" 2>/dev/null | grep -vc '^installed' || true)
if [ "$(dpkg-query -W "${debian[@]}" 2>/dev/null | wc -l)" -lt "${#debian[@]}" ] || [ "$missing" -gt 0 ]; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${debian[@]}"
fi
# of other versions the lists would have other bytes; what is there already is left as it is
cargo install --quiet --locked --root "$work/tools" --version 0.9.3 --features cli cargo-about
cargo install --quiet --locked --root "$work/tools" --version 0.5.9 cargo-cyclonedx

rm -rf "$work/src"
mkdir -p "$work/src"
# dated now: cargo takes files that are older than an earlier build for built
git archive HEAD | tar -x -m -C "$work/src"
cd "$work/src"
cargo fetch --quiet --locked # of all systems: the notices are made offline
remap="--remap-path-prefix=$work/src=esep --remap-path-prefix=$cargo_home=cargo"

# Linux: glibc linked in, for systems whose own is older than the one of the build.
for package in esep esep-desk; do
  RUSTFLAGS="-C target-feature=+crt-static $remap" \
    cargo build --release --locked -p $package --bin $package --target $linux --target-dir "$work/target-linux"
done
RUSTFLAGS="-C target-feature=+crt-static $remap" \
  cargo build --release --locked -p esep --example pages --target $linux --target-dir "$work/target-linux"

# Windows: Debian's cross compiler for C, its Rust with the standard library built from source (rustup's has no such
# target here); the icon and the version are linked in as a resource.
numbers=${version//./,},0
for package in esep esep-desk; do
  sed -e "s/@NUMBERS@/$numbers/; s/@VERSION@/$version/; s/@NAME@/$package/" release/esep.rc >"$work/$package.rc"
  x86_64-w64-mingw32-windres --include-dir release -O coff "$work/$package.rc" "$work/$package.res.o"
  RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 RUSTFLAGS="$remap" \
    /usr/bin/cargo rustc --release --locked -p $package --bin $package -Zbuild-std=std,panic_unwind \
    --target $windows --target-dir "$work/target-windows" -- \
    -C link-arg="$work/$package.res.o" -C link-arg=-Wl,--no-insert-timestamp
done

notices() { # TARGET: what is inside beside our own code
  "$work/tools/bin/cargo-about" generate --offline --locked --fail --target "$1" \
    -m desk/Cargo.toml -c release/about.toml release/notices.hbs
}
sbom() { # TARGET FOLDER: of each program what is in it; where it was built is no part of that
  SOURCE_DATE_EPOCH=$date "$work/tools/bin/cargo-cyclonedx" cyclonedx --format json --spec-version 1.5 --target "$1" --override-filename sbom --quiet
  sed "s|file://$work/src|file:///esep|g" sbom.json >"$2/esep.cdx.json"
  sed "s|file://$work/src|file:///esep|g" desk/sbom.json >"$2/esep-desk.cdx.json"
  rm sbom.json desk/sbom.json
}
common() { # FOLDER TARGET
  mkdir -p "$1/licences"
  cp LICENSE-MIT LICENSE-APACHE "$1/licences/"
  cp -r sample-data/akimat-2026Q3 "$1/sample"
  notices "$2" >"$1/licences/THIRD-PARTY.txt"
  cat release/glibc.txt >>"$1/licences/THIRD-PARTY.txt"
  find templates -iname '*OFL*' -exec cp {} "$1/licences/" \;
  mkdir "$1/sbom" && sbom "$2" "$1/sbom"
  printf '%s\n' "$commit" >"$1/licences/COMMIT"
}
dated() { # FOLDER: same dates, same rights whoever builds
  find "$1" -exec touch -h -d "@$date" {} +
  find "$1" -type d -exec chmod 755 {} + -o -type f -exec chmod a+r,u+w,go-w {} +
}

rm -rf "$work/stage" && mkdir "$work/stage" && cd "$work/src"
folder=$work/stage/esep-$version-windows-x86_64
common "$folder" $windows
cp "$work/target-windows/$windows/release/esep.exe" "$work/target-windows/$windows/release/esep-desk.exe" "$folder/"
# the tool dates what it strips
SOURCE_DATE_EPOCH=$date x86_64-w64-mingw32-strip "$folder/esep.exe" "$folder/esep-desk.exe"
for lang in kk ru en; do sed 's/$/\r/' "release/README.$lang.txt" >"$folder/README.$lang.txt"; done
dated "$folder"
(cd "$work/stage" && rm -f "$out/esep-$version-windows-x86_64.zip" &&
  find "esep-$version-windows-x86_64" | sort | zip -X -9 -q "$out/esep-$version-windows-x86_64.zip" -@)

folder=$work/stage/esep-$version-linux-x86_64
common "$folder" $linux
cp "$work/target-linux/$linux/release/esep" "$work/target-linux/$linux/release/esep-desk" "$folder/"
"$work/target-linux/$linux/release/examples/pages" "$folder"
for lang in kk ru en; do cp "release/README.$lang.txt" "$folder/"; done
dated "$folder"
tar -C "$work/stage" --sort=name --owner=0 --group=0 --numeric-owner --format=ustar -cf - "esep-$version-linux-x86_64" |
  xz -9 -T1 >"$out/esep-$version-linux-x86_64.tar.xz"

(cd "$out" && sha256sum "esep-$version-linux-x86_64.tar.xz" "esep-$version-windows-x86_64.zip" >SHA256SUMS && cat SHA256SUMS && ls -l)
