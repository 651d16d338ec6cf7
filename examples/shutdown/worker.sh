state=$1
count=0
trap 'echo "stopped after $count" | tee "$state"; exit 0' TERM
while true; do
  count=$((count + 1))
  echo "working: $count"
  sleep 1 &
  wait $!
done
