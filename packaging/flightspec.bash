# shellcheck shell=bash
# Completion of flightspec in bash. Commands, options and the names that an option takes are read from `--help`.

# The help text, an option a line.
_flightspec_help() { ARGP_HELP_FMT=rmargin=1000 "${1/#\~\//$HOME/}" "${@:2}" --help 2>/dev/null; }

# The commands.
_flightspec_commands() { _flightspec_help "$1" | sed -nE '/^Commands:/,/^Options:/s/^  ([a-z]+) .*/\1/p'; }

# The long options of a command, with `=` behind those that take a value.
_flightspec_options() { _flightspec_help "$@" | sed -nE 's/^ {2,6}(-., )?(--[a-z-]+=?).*/\2/p'; }

# The names that an option, the first argument, can take: those in `--option=X  ...: a, b, c (...`.
_flightspec_names() {
  _flightspec_help "${@:2}" | grep -E "^ +(-., )?$1=|^ +$1, --[a-z-]+=" |
    sed -nE 's/.*[^,] ([a-z-]+(, [a-z-]+)+) \(.*/\1/; T; s/, /\n/g; p'
}

_flightspec() {
  local program=$1 current=$2 before=$3 word words=
  local -a command=()
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [ "$word" != -- ] || return # the testee's own words: files
    if [ ${#command[@]} -eq 0 ] && [[ $word != -* ]]; then command=("$word"); fi
  done
  [ "$current" != = ] || current=
  [ "$before" != = ] || before=${COMP_WORDS[COMP_CWORD - 2]}
  if [ ${#command[@]} -eq 0 ] && [[ $current != -* ]]; then
    words=$(_flightspec_commands "$program")
  elif [[ $before == -* ]]; then
    words=$(_flightspec_names "$before" "$program" "${command[@]}")
  fi
  if [[ $current == -* ]]; then words=$(_flightspec_options "$program" "${command[@]}"); fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ ${COMPREPLY[0]-} == *= ]]; then compopt -o nospace; fi
}

complete -o default -F _flightspec flightspec
