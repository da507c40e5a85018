#!/usr/bin/env bash
# Tries submit.sh on a real Slurm of two nodes on this machine: 8 shards, one of them killed half-way, and the merge
# compared with a single run. Needs root and Debian's slurm-wlm and munge (installed when missing).
#
#   scale/slurm/test.sh PIPELINE ARTICLES     # the command, and a folder or file of articles
set -euo pipefail
pipeline=$(realpath "$1") articles=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)

if ! command -v slurmctld > /dev/null || ! command -v munged > /dev/null; then
  apt-get install -y slurm-wlm munge > /dev/null
fi

work=$(mktemp -d)
cleanup() {
  scancel --user="$USER" 2> /dev/null || true
  for name in slurmctld node1 node2 munged; do
    [ -f "$work/$name.pid" ] && kill "$(cat "$work/$name.pid")" 2> /dev/null || true
  done
  sleep 1
  rm -rf "$work"
}
trap cleanup EXIT
export USER=${USER:-root} SLURM_CONF=$work/slurm.conf

dd if=/dev/urandom of="$work/munge.key" bs=128 count=1 2> /dev/null
chmod 700 "$work" && chmod 400 "$work/munge.key"
munged --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
  --log-file="$work/munged.log" --seed-file="$work/munge.seed"

cat > "$work/slurm.conf" << END
ClusterName=loopback
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmctldPidFile=$work/slurmctld.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdPidFile=$work/%n.pid
SlurmdLogFile=$work/%n.log
SlurmdSpoolDir=$work/spool-%n
StateSaveLocation=$work/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
SchedulerParameters=sched_interval=2
NodeName=node[1-2] NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=[17818-17819] CPUs=1 State=UNKNOWN
PartitionName=test Nodes=node[1-2] Default=YES MaxTime=INFINITE State=UP
END
mkdir "$work/state" "$work/spool-node1" "$work/spool-node2"
slurmctld
slurmd -N node1
slurmd -N node2
for _ in $(seq 60); do
  [ "$(sinfo --noheader --format=%D --states=idle 2> /dev/null | tr -d ' ')" = 2 ] && break
  sleep 1
done
sinfo

merge=$(PIPELINE=$pipeline "$here/submit.sh" --shards 8 --out "$work/out" -- "$articles")
array=$(squeue --noheader --format=%F --name=pipeline-shard | sort -u | head -1)
echo "array $array, merge $merge"

# Kill one node's step while it works: not its task, which must notice and go on.
killed=""
for _ in $(seq 300); do
  pid=$(pgrep -f -- "extract .*--out $work/out.shards/[0-9]* .*--quiet" | while read -r p; do
    [[ "$(tr '\0' ' ' < "/proc/$p/cmdline" 2> /dev/null)" == *srun* ]] || { echo "$p"; break; }; done || true)
  if [ -n "$pid" ] && compgen -G "$work/out.shards/*/.partial/checkpoint.json" > /dev/null; then
    kill -KILL "$pid" 2> /dev/null && killed=$pid && break
  fi
  sleep 0.05
done
[ -n "$killed" ] || { echo "no step was caught at work: give more articles"; exit 1; }

for _ in $(seq 600); do
  [ -z "$(squeue --noheader)" ] && break
  sleep 1
done
grep -h "ended with" "$work"/out.shards/log/*.log || { echo "the killed step was not noticed"; exit 1; }
[ -f "$work/out/run.json" ] || { cat "$work"/out.shards/log/*.log; echo "no merged output"; exit 1; }

"$pipeline" extract "$articles" --out "$work/single" --quiet || [ $? = 3 ]
for table in articles sentences entities dates errors; do
  cmp "$work/single/$table.csv" "$work/out/$table.csv"
done
echo "8 shards on 2 nodes, one step killed: the merged bytes are those of a single run"
