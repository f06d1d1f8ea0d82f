#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Records the files that the probes read, so that `ridgepoint probe --host-root DIR` replays this machine.
# No serial numbers, hardware addresses, host, user or container names; look through DIR before you share it.
set -euo pipefail
shopt -s nullglob

if [ $# -ne 1 ] || [ "${1#-}" != "$1" ]; then
  echo "usage: $0 DIR" >&2
  exit 2
fi
if [ -e "$1" ] && [ -n "$(ls -A "$1")" ]; then
  echo "$0: '$1' is not empty; name a new folder" >&2
  exit 2
fi
mkdir -p "$1"
dir=$(cd "$1" && pwd)

keep() { # keep FILE [AS]: one readable regular file; anything else is passed over
  local as="$dir${2:-$1}" text
  [ -f "$1" ] && [ -r "$1" ] || return 0
  { text=$(< "$1"); } 2> /dev/null || return 0
  [ -d "${as%/*}" ] || mkdir -p "${as%/*}"
  printf '%s\n' "$text" > "$as"
}

keep_filtered() { # keep_filtered FILE REGEX: only the lines that match
  [ -r "$1" ] || return 0
  mkdir -p "$(dirname "$dir$1")"
  grep -E "$2" "$1" > "$dir$1" || true
}

record_processes() {
  keep_filtered /proc/cpuinfo '^$|^[^:]*:'
  sed -i -E '/^(Serial|machine|motherboard)[[:space:]]*:/Id' "$dir/proc/cpuinfo"
  keep_filtered /proc/stat '^cpu'
  keep_filtered /proc/self/status '^(Cpus|Mems)_allowed_list'
  keep_filtered /proc/self/limits '^Max address space'
  keep_filtered /proc/meminfo '^(MemTotal|MemFree|MemAvailable|HugePages_|Hugepagesize|SwapTotal|SwapFree)'
  local f
  for f in /proc/pressure/cpu /proc/sys/kernel/{osrelease,perf_event_paranoid}; do keep "$f"; done
}

record_groups() { # groups are renamed level1/level2/..., and every mount becomes one of the whole hierarchy
  local root point type options own path src dst n part f
  mkdir -p "$dir/proc/self"
  while read -r root point type options; do
    own=$(awk -F: -v o="${options#rw,}" -v t="$type" '(t == "cgroup2" && $2 == "") ||
      (t == "cgroup" && $2 != "" && index("," o ",", "," $2 ",")) { print; exit }' /proc/self/cgroup)
    [ -n "$own" ] || continue
    path=${own#*:*:} src=$point dst="" n=0
    [ "$root" = / ] || path=${path#"$root"}
    for part in "" ${path//\// }; do
      [ -z "$part" ] || { n=$((n + 1)) src="$src/$part" dst="$dst/level$n"; }
      for f in "$src"/memory.{max,high,current,limit_in_bytes,usage_in_bytes} \
        "$src"/cpu.{max,cfs_quota_us,cfs_period_us} "$src"/cpuset.{cpus.effective,effective_cpus,cpus}; do
        keep "$f" "$point$dst/${f##*/}"
      done
      [ ! -r "$src/memory.stat" ] ||
        grep hierarchical_memory_limit "$src/memory.stat" > "$dir$point$dst/memory.stat" || true
    done
    echo "1 0 0:1 / $point rw - $type $type $options" >> "$dir/proc/self/mountinfo"
    echo "${own%%:/*}:${dst:-/}" >> "$dir/proc/self/cgroup"
  done < <(awk '/ - cgroup2? / { for (i = 7; $i != "-"; i++); print $4, $5, $(i + 1), $(i + 3) }' /proc/self/mountinfo)
}

record_sys() {
  local cpu=/sys/devices/system/cpu mem=/sys/devices/system/memory node=/sys/devices/system/node f
  for f in "$cpu"/{online,offline,possible,present} "$cpu"/smt/{control,active} "$cpu"/vulnerabilities/* \
    "$cpu"/intel_pstate/no_turbo "$cpu"/cpufreq/policy*/scaling_{governor,driver} \
    "$cpu"/cpu[0-9]*/{online,cpu_capacity} "$cpu"/cpu[0-9]*/cpufreq/{base_frequency,cpuinfo_max_freq} \
    "$cpu"/cpu[0-9]*/topology/{core_id,physical_package_id,die_id,thread_siblings,core_siblings,die_cpus} \
    "$cpu"/cpu[0-9]*/cache/index*/{level,type,size,shared_cpu_map,coherency_line_size} \
    /sys/devices/cpu_{core,atom,lowpower}/cpus "$node"/online "$node"/node[0-9]*/{cpumap,meminfo,distance} \
    "$node"/node[0-9]*/memory_side_cache/index*/{size,line_size,indexing} \
    "$node"/node[0-9]*/access0/initiators/{read,write}_{bandwidth,latency} \
    /sys/devices/virtual/memory_tiering/memory_tier[0-9]*/nodelist \
    /sys/bus/cxl/devices/mem[0-9]*/ram/size /sys/bus/{cxl,nd}/devices/*/dax*/target_node \
    /proc/driver/nvidia/gpus/*/numa_status \
    "$mem"/block_size_bytes "$mem"/memory[0-9]*/{state,valid_zones} /sys/kernel/mm/transparent_hugepage/enabled \
    /sys/devices/system/clocksource/clocksource0/{available,current}_clocksource /sys/hypervisor/type \
    /sys/class/dmi/id/{sys_vendor,product_name,board_vendor,board_name} /sys/bus/event_source/devices/*/type \
    /sys/bus/virtio/devices/*/device /sys/bus/pci/devices/*/{class,vendor,device} /etc/OpenCL/vendors/*.icd; do
    keep "$f"
  done
  if [ -r /sys/firmware/devicetree/base/model ]; then # it ends with a zero byte
    mkdir -p "$dir/sys/firmware/devicetree/base"
    tr -d '\0' < /sys/firmware/devicetree/base/model > "$dir/sys/firmware/devicetree/base/model"
  fi
  for f in /dev/nvidia[0-9]* /dev/kfd /dev/dri/renderD* /dev/accel/accel*; do
    [ ! -e "$f" ] || { mkdir -p "$dir${f%/*}" && : > "$dir$f"; } # the name is all that counts
  done
}

record_topology() {
  command -v lstopo-no-graphics > /dev/null || return 0
  local private='HostName|OSVersion|OSRelease|ProcessName|LinuxCgroup|Address'
  private="$private|[^\"]*(Serial|UUID|GUID|WWN|AssetTag)[^\"]*"
  lstopo-no-graphics --disallowed --of xml 2> /dev/null |
    sed -E "/<info name=\"($private)\"/Id" > "$dir/topology.xml" || rm -f "$dir/topology.xml"
}

record_processes
record_groups
record_sys
record_topology
echo "recorded $(find "$dir" -type f | wc -l) files; look through them before you share them" >&2
