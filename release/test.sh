#!/usr/bin/env bash
# Tries the archives of release/build.sh: the Linux program in a folder that holds nothing else (chroot), the Windows
# program under wine. Exit statuses, what they say, and every byte they write must equal those of the ordinary build.
#
#   release/test.sh [FOLDER]      FOLDER: where the archives are, release/out when it is not given
#
# Takes minutes and needs root on Debian (chroot, wine): it is no part of `.ci/run`.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
archives=$(cd "${1:-release/out}" && pwd)
for tool in wine x86_64-w64-mingw32-gcc unzip python3 xz; do
  command -v $tool >/dev/null && continue
  apt-get update -qq && apt-get install -y -qq --no-install-recommends wine wine64 gcc-mingw-w64-x86-64-win32 unzip python3 xz-utils
  break
done
cargo build --release --locked --workspace
place=$(mktemp -d)
trap 'chmod -R u+w "$place"; rm -rf "$place"' EXIT
export LC_ALL=C.UTF-8 WINEDEBUG=-all WINEPREFIX=$place/wine
failed=0
say() { printf '%s\n' "$*"; }
verdict() { # NAME COMMAND…: what holds and what does not
  local name=$1; shift
  if "$@"; then say "holds   $name"; else say "FAILS   $name"; failed=1; fi
}
(cd "$archives" && sha256sum --quiet -c SHA256SUMS)
mkdir "$place/linux" "$place/windows" "$place/ordinary"
tar -xJf "$archives"/esep-*-linux-x86_64.tar.xz -C "$place/linux" --strip-components=1
unzip -q "$archives"/esep-*-windows-x86_64.zip -d "$place/zip" && mv "$place/zip"/*/* "$place/windows/"
cp target/release/esep target/release/esep-desk "$place/ordinary/"

# wine 8 has no bcryptprimitives.dll, from which Rust's library takes random numbers; Windows has it since version 7
cat >"$place/random.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return SystemFunction036(data, length); }
C
x86_64-w64-mingw32-gcc -shared -o "$place/windows/bcryptprimitives.dll" "$place/random.c" -ladvapi32
# a program that holds a file open as a spreadsheet program does, until a second file appears
cat >"$place/hold.c" <<'C'
#include <windows.h>
int main(int count, char **words) {
    HANDLE file = CreateFileA(words[1], GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, 0, OPEN_EXISTING, 0, 0);
    if (file == INVALID_HANDLE_VALUE) return 1;
    for (int tries = 0; tries < 600 && GetFileAttributesA(words[2]) == INVALID_FILE_ATTRIBUTES; tries++) Sleep(100);
    return 0;
}
C
x86_64-w64-mingw32-gcc -o "$place/hold.exe" "$place/hold.c"
wineboot -i >/dev/null 2>&1 || true

for program in ordinary linux windows; do
  mkdir -p "$place/$program/home" && cp -r sample-data "$place/$program/home/"
done
mkdir -p "$place/linux/tmp" "$place/linux/dev" "$place/linux/proc"
# what the desk needs of a system: random numbers for its token, and nothing to read for the runs that it starts
mknod "$place/linux/dev/null" c 1 3 && mknod "$place/linux/dev/urandom" c 1 9 && mknod "$place/linux/dev/random" c 1 8
run() { # PROGRAM WORDS…: in the program's own folder
  local program=$1; shift
  case $program in
    ordinary) (cd "$place/ordinary/home" && ../esep "$@") ;;
    linux) chroot "$place/linux" /esep-at-home "$@" ;;
    windows) (cd "$place/windows/home" && wine ../esep.exe "$@") ;;
  esac
}
# an empty chroot has no shell to change the folder: the records lie at its root instead
mv "$place/linux/home/sample-data" "$place/linux/" && rmdir "$place/linux/home"
mv "$place/linux/esep" "$place/linux/esep-at-home"

number=0
while read -r line; do
  case $line in '' | '#'*) continue ;; esac
  number=$((number + 1))
  read -r -a words <<<"$line"
  for program in ordinary linux windows; do
    set +e
    run "$program" --quiet-is-no-option >/dev/null 2>&1 # a first start is slower; its answer is known: 2
    begun=$(date +%s%N)
    run "$program" "${words[@]}" >"$place/$program.out" 2>"$place/$program.err" </dev/null
    printf '%s\n' $? >"$place/$program.status"
    set -e
    millis=$((($(date +%s%N) - begun) / 1000000))
    sed -i 's/\r$//' "$place/$program.out" "$place/$program.err"
    # a path is said as the system writes it
    if [ $program = windows ]; then sed -i 's|\\|/|g' "$place/$program.err"; fi
    printf '%-9s %2d  exit %s  %6d ms  %.90s\n' "$program" $number "$(cat "$place/$program.status")" $millis "$line"
  done
  for program in linux windows; do
    for what in status out err; do
      verdict "$number $program: $what equal" cmp -s "$place/ordinary.$what" "$place/$program.$what"
        diff "$place/ordinary.$what" "$place/$program.$what" | head -5 || true
    done
  done
done <release/commands.txt

tree() { (cd "$1" && find out -type f -print0 | sort -z | xargs -0 sha256sum); }
tree "$place/ordinary/home" >"$place/ordinary.tree"
tree "$place/linux" >"$place/linux.tree"
tree "$place/windows/home" >"$place/windows.tree"
say "$(wc -l <"$place/ordinary.tree") files"
for program in linux windows; do
  verdict "$program: every byte that was written is equal" cmp -s "$place/ordinary.tree" "$place/$program.tree"
    diff "$place/ordinary.tree" "$place/$program.tree" | head || true
done

# a report that a spreadsheet program holds open: the old results stay whole, and the answer says what to do
one=(generate sample-data/akimat-2026Q3 --form 2-mk --period 2026Q3 --organisation sample-data/akimat-2026Q3/organisation.toml --out out/akimat --force)
results=$place/windows/home/out/akimat/2-mk_2026Q3_600440000267
before=$(cd "$results" && find . -type f | sort | xargs sha256sum | sha256sum)
(cd "$place/windows/home" && wine "$place/hold.exe" "out\\akimat\\2-mk_2026Q3_600440000267\\report.xlsx" done.txt) &
sleep 3
set +e; run windows "${one[@]}" --lang ru >/dev/null 2>"$place/held.err"; status=$?; set -e
touch "$place/windows/home/done.txt"; wait
after=$(cd "$results" && find . -type f | sort | xargs sha256sum | sha256sum)
# wine moves a folder under a file that is held open, Windows does not: what happens is said, not judged
verdict "windows: the held report is told" grep -qE 'открыт' "$place/held.err"
say "windows: with a held report: exit $status, the results are $([ "$before" = "$after" ] && echo as they were || echo new)," \
  "$(find "$place/windows/home/out/akimat" -maxdepth 1 -name '.esep-*' | wc -l) folders wait to be swept"
set +e; run windows "${one[@]}" >/dev/null 2>&1; status=$?; set -e
verdict "windows: once it is closed, the results are replaced and nothing half-made is left" \
  test $status -eq 1 -a -z "$(find "$place/windows/home/out/akimat" -maxdepth 1 -name '.esep-*')"

# the desk: a quarter from its files to the form, by the same requests as the page sends
mv "$place/linux/esep-desk" "$place/linux/desk-at-home"
organisation='{"name_ru": "Акимат района (пример)", "name_kk": "Аудан әкімдігі (мысал)", "bin": "600440000267"}'
desk() { # PROGRAM: until nobody has asked for half a minute
  case $1 in
    ordinary) (cd "$place/ordinary/home" && HOME=$PWD XDG_CONFIG_HOME=$PWD/own exec ../esep-desk --no-browser --idle 30 desk) ;;
    # the desk runs itself to count, and finds itself in /proc, as every Linux has it; the mount ends with the desk
    linux) HOME=/ XDG_CONFIG_HOME=/own exec unshare --mount sh -c \
      'mount -t proc proc "$0/proc" && exec chroot "$0" /desk-at-home --no-browser --idle 30 /desk' "$place/linux" ;;
    windows) (cd "$place/windows/home" && exec wine ../esep-desk.exe --no-browser --idle 30 desk) ;;
  esac
}
for program in ordinary linux windows; do
  : >"$place/desk.address"
  desk $program >"$place/desk.address" 2>"$place/desk.err" </dev/null &
  for _ in $(seq 100); do [ -s "$place/desk.address" ] && break; sleep 0.2; done
  python3 release/desk.py "$(tr -d '\r\n' <"$place/desk.address")" sample-data/akimat-2026Q3 "$organisation" \
    >"$place/$program.desk" 2>"$place/desk.time" || cat "$place/desk.err" "$place/desk.time"
  set +e; wait $!; status=$?; set -e
  verdict "$program: a quarter on the desk ($(tail -1 "$place/desk.time")), which then ends by itself (exit $status)" \
    test $status -eq 0 -a -s "$place/$program.desk"
done
results() { [ -d "$1/desk/2026Q3/results" ] || return 0; (cd "$1/desk/2026Q3/results" && find . -type f -not -path '*/.esep/*' -print0 | sort -z | xargs -0 sha256sum); }
results "$place/ordinary/home" >>"$place/ordinary.desk"
results "$place/linux" >>"$place/linux.desk"
results "$place/windows/home" >>"$place/windows.desk"
for program in linux windows; do
  verdict "$program: the desk writes the same bytes ($(grep -c / "$place/$program.desk") files)" cmp -s "$place/ordinary.desk" "$place/$program.desk"
    diff "$place/ordinary.desk" "$place/$program.desk" | head -5 || true
done

# long paths and Kazakh letters
deep="out/Ұзақ жол/$(printf 'қазақша-атау-%.0s' 1 2 3 4 5 6)/$(printf 'тағы-бір-қалта-%.0s' 1 2 3 4 5)"
for program in ordinary linux windows; do
  set +e; run $program blank --form 2-mk --out "$deep" >/dev/null 2>&1; printf '%s' $? >"$place/$program.deep"; set -e
done
verdict "long and Kazakh paths: exit statuses $(cat "$place"/{ordinary,linux,windows}.deep)" \
  test "$(cat "$place"/{ordinary,linux,windows}.deep)" = 000

# Ctrl-C in a console, in the midst of a run: no results; what Windows keeps until the process is gone, the next run removes
cat >"$place/interrupt.py" <<'P'
import glob, os, pty, sys, time
child, console = pty.fork()
if child == 0:
    os.chdir(sys.argv[1]); os.execvp(sys.argv[2], sys.argv[2:])
for _ in range(600):
    if glob.glob(os.environ["BEGUN"]): break
    time.sleep(0.1)
os.write(console, b"\x03")
try:
    while os.read(console, 65536): pass
except OSError: pass
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
P
ten=$place/windows/home/many && mkdir "$ten"
for copy in $(seq 400); do sed "2,\$s/^/$copy-/" sample-data/akimat-2026Q3/services-2026-07.csv >"$ten/services-$copy.csv"; done
stopped=$place/windows/home/stopped
left() { find "$stopped" -name '.esep-*' 2>/dev/null | wc -l; }
many=(generate many --form 2-mk --period 2026Q3 --organisation sample-data/akimat-2026Q3/organisation.toml --out stopped)
status=$(BEGUN="$stopped/.esep-*" python3 "$place/interrupt.py" "$place/windows/home" wine ../esep.exe "${many[@]}" 2>/dev/null | tail -1)
say "windows: Ctrl-C once the run has begun to write: exit $status, half-made folders: $(left)"
verdict "windows: Ctrl-C ends a run without results" test "$status" -eq 130 -a -z "$(ls "$stopped")"
run windows blank --form 2-mk --out stopped >/dev/null 2>&1
verdict "windows: what was left goes with the next run" test "$(left)" -eq 0

# when a program was linked or stripped is no part of it
linked() { python3 -c 'import struct, sys; exe = open(sys.argv[1], "rb").read(4096); print(*struct.unpack_from("<I", exe, struct.unpack_from("<I", exe, 60)[0] + 8))' "$1"; }
dated=$(git log -1 --format=%ct "$(cat "$place/linux/licences/COMMIT")")
for program in esep esep-desk; do verdict "windows: $program.exe bears the date of its commit" test "$(linked "$place/windows/$program.exe")" = "$dated"; done

say "sizes: $(stat -c '%n %s' "$archives"/esep-* | sed "s|$archives/||" | tr '\n' ' '), esep $(stat -c %s "$place/linux/esep-at-home"), esep.exe $(stat -c %s "$place/windows/esep.exe"), esep-desk $(stat -c %s "$place/linux/desk-at-home"), esep-desk.exe $(stat -c %s "$place/windows/esep-desk.exe")"
say "commit $(cat "$place/linux/licences/COMMIT")"
exit $failed
