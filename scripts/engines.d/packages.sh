# The distribution's own packages, unpacked in the project's private folder. Sourced by scripts/engines.
# shellcheck shell=bash

# One `up`, `down` or download at a time; the lock is released when this process ends.
lock() {
  mkdir -p "$HOME_DIR"
  exec 9> "$HOME_DIR/lock"
  flock 9
}

has_apt() { [ -n "$(command -v apt-get)" ] && [ -n "$(command -v dpkg-deb)" ] && [ -n "$(command -v flock)" ]; }

# fetch FOLDER PACKAGE...: the packages and all they depend on, unpacked in .engines/FOLDER. apt resolves against an
# empty list of installed packages, with lists and cache of our own, so nothing of the system is read or changed.
fetch() {
  local tree=$HOME_DIR/$1 apt=$HOME_DIR/$1.apt uris package
  shift
  [ ! -e "$tree/.complete" ] || return 0
  rm -rf "$tree" "$apt"
  mkdir -p "$tree"/usr/{bin,sbin,lib,lib64} "$apt"/{lists,cache/archives}/partial
  : > "$apt/status"
  local get=(apt-get -qq -y -o Dir::State::Lists="$apt/lists" -o Dir::State::status="$apt/status"
    -o Dir::Cache="$apt/cache" -o APT::Install-Recommends=false -o APT::Sandbox::User=root
    -o Acquire::Languages=none -o Acquire::Retries=3)
  say "downloading the package lists of this machine's own apt sources to $apt (removed again)"
  "${get[@]}" update >&2 || say 'some lists could not be had; trying with the others'
  uris=$("${get[@]}" --print-uris install "$@" | grep "^'") || return 1
  say "downloading $* and what they need, $(awk '{ n++; s += $3 } END { printf "%d packages, %d MB", n, s / 1e6 }' <<< "$uris"):"
  awk '{ sub(/_.*/, "", $2); printf "%s ", $2 } END { print "" }' <<< "$uris" | fold -s -w 100 | sed 's/^/  /' >&2
  say "unpacking them in $tree; nothing is installed on this system"
  "${get[@]}" --download-only install "$@" >&2 || return 1
  # The merged /usr, which no package of the set brings, must be there before the first file is.
  for package in bin sbin lib lib64; do ln -s "usr/$package" "$tree/$package"; done
  for package in "$apt"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink --no-same-owner -C "$tree" || return 1
  done
  rm -rf "$apt"
  : > "$tree/.complete"
}

# Prints the path of a busybox image as a tar; fails where no static busybox can be had.
busybox_tar() {
  local tree=$HOME_DIR/busybox tar=$HOME_DIR/busybox.tar image applet
  if [ ! -e "$tar" ]; then
    has_apt || return 1
    lock
    if [ -e "$TREE/.complete" ]; then tree=$TREE; else fetch busybox busybox-static || return 1; fi
    image=$(mktemp -d "$HOME_DIR/image.XXXXXX")
    mkdir -p "$image"/{bin,dev,etc,proc,root,sys,tmp,var}
    chmod 755 "$image"
    chmod 1777 "$image/tmp"
    cp "$tree/usr/bin/busybox" "$image/bin/"
    for applet in $("$image/bin/busybox" --list); do
      [ "$applet" = busybox ] || ln -s busybox "$image/bin/$applet"
    done
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' > "$image/etc/passwd"
    printf 'root:x:0:\nnogroup:x:65534:\n' > "$image/etc/group"
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$image" -cf "$tar.new" . && mv "$tar.new" "$tar"
    rm -rf "$image"
  fi
  echo "$tar"
}
