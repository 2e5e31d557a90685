# Runs a command that cannot outlive its starter: sh guard.sh COMMAND [ARGUMENT...]
#
# standard input   a pipe that only the starter holds open; its end, however the starter ended, kills the command
# standard output  a pipe that only the command holds open after its process id was written to it, so that the
#                  starter sees the command's end, however it ended
# standard error   the log of the command
umask 077
"$@" </dev/null 3>&1 >&2 &
command=$!
echo "$command"
exec >&2
read -r _
kill -KILL "$command" 2>/dev/null
