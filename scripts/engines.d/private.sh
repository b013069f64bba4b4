# The private engine: dockerd in namespaces of its own. Sourced by scripts/engines.
# shellcheck shell=bash

TREE=$HOME_DIR/tree
DATA=$HOME_DIR/data
RUN=$HOME_DIR/run
# A socket's path holds at most 107 bytes (sun_path, less its NUL).
[ "$(printf %s "$RUN/docker.sock" | wc -c)" -le 107 ] || RUN=/run/$NAME
PRIVATE_HOST=unix://$RUN/docker.sock

started_at() { awk '{ print $22 }' "/proc/$1/stat" 2> /dev/null; }

# Process ids are used again: one counts only together with its start time.
private_lives() {
  local pid start
  [ -r "$RUN/pid" ] && read -r pid start < "$RUN/pid" && [ "$(started_at "$pid")" = "$start" ]
}

private_runs() { private_lives && api ping "$PRIVATE_HOST"; }

# Prints why this machine cannot have a private engine, if so.
private_obstacle() {
  if [ "$(uname -s)" != Linux ] || ! has_apt; then echo 'this is not Debian or Ubuntu'
  elif ! grep -qE '^(ID|ID_LIKE)=.*(debian|ubuntu)' /etc/os-release; then echo 'this is not Debian or Ubuntu'
  elif [[ $(uname -m) != @(x86_64|aarch64) ]]; then echo "there is no support for $(uname -m)"
  elif [ "$(id -u)" != 0 ]; then echo 'you are not root'
  elif ! unshare --mount --pid --net --uts --ipc --cgroup --fork mount -t tmpfs none /mnt 2> /dev/null; then
    echo 'this system does not allow new namespaces'
  fi
}

private_up() {
  local obstacle origin=started
  obstacle=$(private_obstacle)
  if [ -n "$obstacle" ]; then
    cat >&2 << TEXT
engines: no engine answers, and a private one cannot be had: $obstacle.
Start one in one of these ways, then try again:
  - Docker Desktop, Colima or Rancher Desktop, on macOS, Windows or Linux
  - Docker Engine on Linux: sudo systemctl start docker (and be a member of the group "docker")
  - Podman: podman system service --time=0 &
  - an engine elsewhere: export DOCKER_HOST=unix:///path/to/docker.sock or tcp://HOST:PORT
  - as root on Debian or Ubuntu: scripts/engines up, which downloads one into $HOME_DIR
TEXT
    exit 3
  fi
  lock
  if private_runs; then origin=running; else private_start; fi
  report "$PRIVATE_HOST" "$origin"
}

private_start() {
  say "no running engine is used; getting a private one in $HOME_DIR"
  fetch tree docker.io iptables procps busybox-static || die 'apt could not get the packages (see above)'
  private_stop # what a machine that crashed may have left
  mkdir -p "$RUN" "$DATA"
  trap 'say "the private engine did not start:"; tail -n 20 "$RUN/log" >&2 || :; private_stop' EXIT
  trap 'exit 1' INT TERM
  # Of this process it keeps neither the terminal, nor the lock, nor the output that a caller may be reading.
  setsid "$ROOT/scripts/engines" private-enter < /dev/null > "$RUN/log" 2>&1 9>&- &
  local deadline=$((SECONDS + 60))
  until private_runs; do
    [ "$SECONDS" -lt "$deadline" ] && kill -0 $! 2> /dev/null || exit 1
    sleep 0.1
  done
  trap - EXIT INT TERM
  say "the private engine is up at $PRIVATE_HOST"
}

# Step 1, in the machine's namespaces: cgroups of our own, which a new cgroup namespace then shows as the top.
private_enter() {
  local controllers path top dir
  while IFS=: read -r _ controllers path; do
    top=/sys/fs/cgroup/${controllers#name=}
    # In v2 a cgroup that holds processes, as ours may, cannot give controllers to a child: be a child of the top.
    if [ -z "$controllers" ]; then top=$(cgroup2_mount) path=; fi
    [ -d "$top" ] || continue
    [ -d "$top$path" ] || path=
    dir=$top${path%/}/$NAME
    mkdir -p "$dir"
    echo "$dir" >> "$RUN/cgroups"
    if [ -e "$dir/cpuset.cpus" ] && [ -n "$controllers" ]; then
      cat "$dir/../cpuset.cpus" > "$dir/cpuset.cpus"
      cat "$dir/../cpuset.mems" > "$dir/cpuset.mems"
    fi
    [ -n "$controllers" ] || give_controllers "$top"
    echo $$ > "$dir/cgroup.procs"
  done <<< "$(cat /proc/self/cgroup)" # all at once: it changes with every step
  echo "$$ $(started_at $$)" > "$RUN/pid"
  exec unshare --cgroup bash -c '
    # In v2 the new top must be empty to give controllers to the containers.
    while read -r dir; do
      if [ -e "$dir/cgroup.subtree_control" ]; then mkdir "$dir/init"; echo $$ > "$dir/init/cgroup.procs"; fi
    done < "$2"
    exec unshare --mount --pid --net --uts --ipc --fork --kill-child "$1" private-inside' - "$0" "$RUN/cgroups"
}

cgroup2_mount() { awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts; }

give_controllers() {
  local controller
  for controller in $(cat "$1/cgroup.controllers"); do
    echo "+$controller" > "$1/cgroup.subtree_control" || :
  done 2> /dev/null
}

# Step 2, as process 1 of the new namespaces: a root of its own, then dockerd. All of it ends with this process.
private_inside() {
  local root=/mnt/root
  hostname "$NAME"
  mount -t tmpfs -o mode=755 tmpfs /mnt # hides nothing outside: the mount namespace is ours
  mkdir /mnt/{packages,changes,work,root}
  mount --bind "$TREE" /mnt/packages
  mount -t overlay -o lowerdir=/mnt/packages,upperdir=/mnt/changes,workdir=/mnt/work overlay $root
  mkdir -p $root/{dev,etc,proc,root,run,sys,tmp,var/lib/docker,var/tmp}
  mount -t proc proc $root/proc
  mount -t sysfs sysfs $root/sys
  mount --rbind /dev $root/dev
  mount -t tmpfs -o mode=755 tmpfs $root/run
  mount -t tmpfs -o mode=1777 tmpfs $root/tmp
  mkdir -p "$root$RUN"
  mount --bind "$RUN" "$root$RUN"
  # Docker's overlay storage cannot lie on an overlay.
  if [ "$(stat -f -c %T "$DATA")" = overlayfs ]; then mount -t tmpfs -o mode=711 tmpfs $root/var/lib/docker
  else mount --bind "$DATA" $root/var/lib/docker; fi
  mount_cgroups $root/sys/fs/cgroup
  # What the packages' scripts would have done.
  local command
  for command in {ip,ip6}tables{,-save,-restore}; do ln -sf xtables-nft-multi "$root/usr/sbin/$command"; done
  ln -sf busybox $root/usr/bin/sh
  cat /etc/os-release > $root/etc/os-release
  printf 'root:x:0:0:root:/root:/bin/sh\n' > $root/etc/passwd
  printf 'root:x:0:\n' > $root/etc/group
  printf '127.0.0.1 localhost %s\n' "$NAME" > $root/etc/hosts
  : > $root/etc/resolv.conf
  cd $root
  pivot_root . . # the old root now lies on top of the new one
  /usr/bin/busybox umount -l .
  # A shell stays process 1 since dockerd does not reap the orphans it is left.
  exec /usr/bin/busybox env -i PATH=/usr/sbin:/usr/bin HOME=/root /usr/bin/busybox sh -c '
    ip link set lo up
    dockerd -H "$1" --group root --data-root /var/lib/docker --exec-root /run/docker --pidfile /run/docker.pid &
    wait $!' - "$PRIVATE_HOST"
}

mount_cgroups() {
  local controllers v2
  v2=$(cgroup2_mount)
  if [ "$v2" = /sys/fs/cgroup ]; then
    mount -t cgroup2 cgroup2 "$1"
    give_controllers "$1"
    return
  fi
  mount -t tmpfs -o mode=755 tmpfs "$1"
  while IFS=: read -r _ controllers _; do
    [ -n "$controllers" ] || continue
    mkdir "$1/${controllers#name=}"
    mount -t cgroup -o "$controllers" cgroup "$1/${controllers#name=}"
  done < /proc/self/cgroup
}

private_down() {
  if [ ! -e "$RUN" ] && [ ! -e "$DATA" ]; then
    say 'no private engine to stop; an engine that was not started here is left alone'
    return
  fi
  [ "$(id -u)" = 0 ] || die 'only root can stop the private engine'
  lock
  private_stop
}

# Ends process 1, and with it every process, mount and network of its namespaces; then removes what is left in files.
private_stop() {
  local pid dir _
  if private_lives; then
    read -r pid _ < "$RUN/pid"
    kill -KILL "$pid"
  fi
  if [ -e "$RUN/cgroups" ]; then
    while read -r dir; do
      for _ in {1..100}; do # until the last process is gone
        find "$dir" -depth -type d -exec rmdir {} + 2> /dev/null || [ -d "$dir" ] || break
        [ ! -d "$dir" ] || sleep 0.1
      done
      [ ! -d "$dir" ] || die "$dir cannot be removed"
    done < "$RUN/cgroups"
  fi
  rm -rf "$RUN" "$DATA"
}
