#compdef flightspec
# Completion of flightspec in zsh. Commands, options and the names that an option takes are read from `--help`.

# The help text, an option a line.
_flightspec_help() { ARGP_HELP_FMT=rmargin=1000 ${~program} "$@" --help 2>/dev/null }

# The commands, as `name:what it does`.
_flightspec_commands() { _flightspec_help | sed -nE '/^Commands:/,/^Options:/s/^  ([a-z]+) +/\1:/p' }

# Puts the options of a command into `specs`, as _arguments takes them. One whose help has `a, b, c (` takes these names,
# another with a value takes files.
_flightspec_options() {
  local line short option value about what
  for line in ${(f)"$(_flightspec_help "$@")"}; do
    [[ $line =~ '^ +(-[a-zA-Z], )?(-[?], )?(--[a-z-]+=?)([A-Z]*) +(.*)$' ]] || continue
    short=${match[1]%, } option=$match[3] value=$match[4] about=${${match[5]//\[/(}//\]/)} what=
    if [[ $option == *= ]]; then
      what=":$value:_files"
      [[ $about =~ '[^,] ([a-z-]+(, [a-z-]+)+) \(' ]] && what=":$value:(${match[1]//,/})"
    fi
    specs+=("${option}[$about]$what")
    [[ -z $short ]] || specs+=("$short${what:++}[$about]$what")
  done
}

_flightspec() {
  local program=$words[1] command=${words[2,CURRENT-1][(r)[a-z]*]}
  local -a match mbegin mend commands specs
  if [[ -z $command && $PREFIX != -* ]]; then
    commands=(${(f)"$(_flightspec_commands)"})
    _describe command commands
  elif (( ${words[2,CURRENT-1][(I)--]} )); then
    _files # the testee's own words
  else
    _flightspec_options $command
    [[ -z $command ]] || { (( CURRENT-- )); shift words }
    _arguments -S $specs '*:file:_files'
  fi
}

_flightspec "$@"
