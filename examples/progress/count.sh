steps=$1
step=0
while [ "$step" -lt "$steps" ]; do
  step=$((step + 1))
  sleep 1
  echo "step $step of $steps"
  echo "{\"progress\": $((step * 100 / steps)), \"message\": \"step $step\"}" >> "$JOB_PROGRESS_FILENAME"
done
