#!/usr/bin/env bash
# Runs `pipeline extract` over many nodes as a Slurm job array, one task a shard, and merges in a dependent job.
#
#   scale/slurm/submit.sh --shards 64 --out /shared/tables -- /shared/articles --tokens
#
# What stands behind -- goes to `pipeline extract`. Paths must be seen by every node. PIPELINE is the command (default:
# pipeline), SBATCH_OPTIONS are options for every sbatch call, such as "--partition=long --account=me".
# Prints the id of the merging job: the tables are complete when it is. Submit again with the same words after a failure:
# finished shards are skipped, interrupted ones go on.
set -euo pipefail

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

shards="" out=""
while [ $# -gt 0 ]; do
  case "$1" in
    --shards) shards=${2:-}; shift 2 || usage ;;
    --out) out=${2:-}; shift 2 || usage ;;
    --) shift; break ;;
    *) usage ;;
  esac
done
[[ "$shards" =~ ^[1-9][0-9]*$ ]] && [ -n "$out" ] && [ $# -gt 0 ] || usage

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out.shards/log"
export PIPELINE=${PIPELINE:-pipeline} PIPELINE_OUT=$out PIPELINE_SHARDS=$shards
read -ra options <<< "${SBATCH_OPTIONS:-}"

# --kill-on-invalid-dep ends the merge, instead of leaving it queued for ever, when a shard has failed for good.
array=$(sbatch --parsable "${options[@]}" --array="1-$shards" --requeue --open-mode=append \
  --output="$out.shards/log/%a.log" "$here/shard.sbatch" "$@")
sbatch --parsable "${options[@]}" --dependency="afterok:$array" --kill-on-invalid-dep=yes \
  --output="$out.shards/log/merge.log" "$here/merge.sbatch"
